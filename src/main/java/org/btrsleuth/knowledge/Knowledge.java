package org.btrsleuth.knowledge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All rules and known bugs of an analysis: the shipped ones and those of the user's files. Immutable and thread-safe.
 * Declarations with errors are left out; {@link #diagnostics} says which and why.
 */
public final class Knowledge {
  /** Files under {@code org/btrsleuth/knowledge/}, in the order in which kinds get their rank. */
  private static final List<String> SHIPPED =
      Stream.of(
              "kinds",
              "waits",
              "lock-waits",
              "holds",
              "progress",
              "functions",
              "bugs-hang-pages",
              "bugs-hang-clone",
              "bugs-hang-transaction",
              "bugs-hang-trees",
              "bugs-hang-quota",
              "bugs-hang-maintenance",
              "bugs-hang-loops",
              "bugs-early-hangs",
              "bugs-early-locks",
              "bugs-lockdep-devices",
              "bugs-lockdep-trees",
              "bugs-lockdep-reclaim",
              "bugs-space-aborts",
              "bugs-space-early",
              "bugs-space-leaks",
              "bugs-space-qgroups")
          .map(name -> name + ".rules")
          .toList();

  private final List<RuleFile> files;
  private final Map<String, ResourceKind> kinds = new LinkedHashMap<>();
  private final List<NamePattern> schedulers = new ArrayList<>();
  private final Map<String, Primitive> primitives = new LinkedHashMap<>();
  private final Map<String, Service> services = new LinkedHashMap<>();
  private final List<FrameRule> rules = new ArrayList<>();
  private final List<Progress> progress = new ArrayList<>();
  private final Functions functions;
  private final Map<String, Bug> bugs = new LinkedHashMap<>();
  private final List<Diagnostic> diagnostics;

  private Knowledge(List<RuleFile> files) {
    this.files = List.copyOf(files);
    RuleCheck check = new RuleCheck(files);
    check.run();
    functions = new Functions(files.stream().flatMap(f -> f.functions.stream()).toList());
    for (RuleFile file : files) {
      // Ranks go on across files, so that a user's kinds come after the shipped ones.
      for (ResourceKind kind : check.good(file.kinds)) {
        kinds.put(kind.name(), kind.withRank(kinds.size()));
      }
      schedulers.addAll(file.schedulers);
      check.good(file.primitives).forEach(p -> primitives.put(p.name(), p));
      check.good(file.services).forEach(s -> services.put(s.name(), s));
      rules.addAll(check.good(file.rules));
      progress.addAll(check.good(file.progress));
      check.good(file.bugs).forEach(b -> bugs.put(b.name(), functions.expand(b)));
    }
    List<Diagnostic> all = new ArrayList<>(check.diagnostics());
    Collections.sort(all);
    diagnostics = List.copyOf(all);
  }

  private Knowledge(Knowledge other, Bug changed) {
    files = other.files;
    functions = other.functions;
    kinds.putAll(other.kinds);
    schedulers.addAll(other.schedulers);
    primitives.putAll(other.primitives);
    services.putAll(other.services);
    rules.addAll(other.rules);
    progress.addAll(other.progress);
    bugs.putAll(other.bugs);
    bugs.put(changed.name(), changed);
    diagnostics = other.diagnostics;
  }

  /** What the program brings along; read once, by whichever thread asks first. */
  public static Knowledge shipped() {
    return Shipped.KNOWLEDGE;
  }

  private static final class Shipped {
    static final Knowledge KNOWLEDGE =
        new Knowledge(SHIPPED.stream().map(name -> RuleReader.read(name, resource(name))).toList());
  }

  /** This knowledge and that of more files; see {@link #diagnostics} for what is wrong in them. */
  public Knowledge with(List<Path> more) throws IOException {
    List<RuleFile> all = new ArrayList<>(files);
    for (Path path : more) {
      // Decoded with replacement: a stray byte shall be reported with its position by the grammar, not end the program.
      all.add(RuleReader.read(path.toString(), new String(Files.readAllBytes(path), StandardCharsets.UTF_8)));
    }
    return new Knowledge(all);
  }

  /** This knowledge with {@code bug} in place of the bug of its name, as for measuring what parts of it are worth. */
  public Knowledge with(Bug bug) {
    return new Knowledge(this, bug);
  }

  /** This knowledge and the rules in {@code text}, which diagnostics call {@code name}. */
  public Knowledge with(String name, String text) {
    List<RuleFile> all = new ArrayList<>(files);
    all.add(RuleReader.read(name, text));
    return new Knowledge(all);
  }

  private static String resource(String name) {
    try (InputStream in = Knowledge.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("knowledge file " + name + " is missing from the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("knowledge file " + name, e);
    }
  }

  /** Kinds by name, best rank first. */
  public Map<String, ResourceKind> kinds() {
    return Collections.unmodifiableMap(kinds);
  }

  /** What a wait for a resource of that kind says about the task; ordinary if no rule file has the kind. */
  public ResourceKind.Trait trait(String kind) {
    ResourceKind known = kinds().get(kind);
    return known == null ? ResourceKind.Trait.ORDINARY : known.trait();
  }

  /** The kind in words; its name if it is not declared, as for {@code mutex:function}. */
  public String shown(String kind) {
    ResourceKind known = kinds.get(kind);
    return known == null ? kind : known.shown();
  }

  /** The kind that lockdep prints under that class name; of unknown ones mutex, rwsem or spinlock by their name. */
  public String kindOfLock(String lockClass) {
    String plain = LockNames.plain(lockClass);
    for (ResourceKind kind : kinds.values()) {
      if (kind.lockClasses().stream().anyMatch(pattern -> LockNames.matches(pattern, plain))) {
        return kind.name();
      }
    }
    return plain.contains("mutex") ? "mutex" : plain.contains("sem") ? "rwsem" : "spinlock";
  }

  /** Frames of the scheduler, which say that a task sleeps but not why. */
  public List<NamePattern> schedulers() {
    return Collections.unmodifiableList(schedulers);
  }

  public Map<String, Primitive> primitives() {
    return Collections.unmodifiableMap(primitives);
  }

  public Map<String, Service> services() {
    return Collections.unmodifiableMap(services);
  }

  /** Wait, hold and unheld rules in file order. */
  public List<FrameRule> rules() {
    return Collections.unmodifiableList(rules);
  }

  public List<Progress> progress() {
    return Collections.unmodifiableList(progress);
  }

  /** Functions under all their names. */
  public Functions functions() {
    return functions;
  }

  /** Bugs by name in file order, their functions under all names. */
  public Map<String, Bug> bugs() {
    return Collections.unmodifiableMap(bugs);
  }

  /** The bug of that name or catalogue id, or null. */
  public Bug bug(String nameOrId) {
    Bug named = bugs.get(nameOrId);
    if (named != null) {
      return named;
    }
    for (Bug bug : bugs.values()) {
      if (bug.ids().contains(nameOrId)) {
        return bug;
      }
    }
    return null;
  }

  /** Everything wrong in the files, by position. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
