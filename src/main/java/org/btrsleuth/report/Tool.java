package org.btrsleuth.report;

/** Who wrote a report. */
public record Tool(String name, String version) {}
