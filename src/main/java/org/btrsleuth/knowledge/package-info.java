/** Lock rules and known bugs, read from text files in the rule language of {@code grammar/}. Data: it decides nothing. */
package org.btrsleuth.knowledge;
