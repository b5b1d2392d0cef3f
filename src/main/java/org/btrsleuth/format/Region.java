package org.btrsleuth.format;

/**
 * A run of lines of one format.
 *
 * @param firstLine 1-based, inclusive
 * @param lastLine 1-based, inclusive
 * @param records events, tasks or log records found in it
 */
public record Region(Format format, long firstLine, long lastLine, long records) {}
