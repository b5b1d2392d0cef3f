/** The picture of a lock-wait graph: folded to what a reader can take in, laid out in layers, drawn on a canvas. */
package org.btrsleuth.chart.graph;
