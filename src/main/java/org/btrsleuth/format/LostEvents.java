package org.btrsleuth.format;

/**
 * A place where the producer says that it lost events ({@code CPU:1 [LOST 366 EVENTS]}, or a ring buffer header
 * whose written count exceeds what it holds).
 *
 * @param cpu -1 if not said
 * @param events -1 if not said
 */
public record LostEvents(int cpu, long events, long line) {}
