/** Charts over time and counts, made with JFreeChart and drawn on our own canvas. */
package org.btrsleuth.chart.plot;
