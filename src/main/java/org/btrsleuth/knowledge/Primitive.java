package org.btrsleuth.knowledge;

/**
 * Functions of a lock's implementation: a task seen in them waits for a lock that only its caller can name.
 *
 * @param name mutex, rwsem, ...
 */
public record Primitive(String name, NamePattern frames, Position at) {}
