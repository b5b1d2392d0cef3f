package org.btrsleuth.knowledge;

/**
 * An upstream fix.
 *
 * @param commit abbreviated hash, "" if unknown
 * @param subject its subject line
 * @param fixedIn first release that has it, "" if unknown
 * @param introducedBy commit that brought the defect, "" if unknown
 */
public record Fix(String commit, String subject, String fixedIn, String introducedBy) {}
