/**
 * Drawing without the help of the host: own glyph outlines instead of installed fonts, and one canvas with a vector
 * form (SVG) and a raster form (PNG), so that both show the same picture on every machine.
 */
package org.btrsleuth.chart.draw;
