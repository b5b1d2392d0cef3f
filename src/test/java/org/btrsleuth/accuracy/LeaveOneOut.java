package org.btrsleuth.accuracy;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.FramePath;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.LogPattern;
import org.btrsleuth.knowledge.NamePattern;
import org.btrsleuth.knowledge.Role;

/**
 * Signatures as they would be, had a report never been seen.
 *
 * <p>A rule file does not say which report taught it which function. So everything that only this report <em>can</em>
 * have taught is taken out of its bug: each alternative of a step, lock class or message that stands in this report and
 * in no other incident of the same bug. What stands in no report at all stays: it came from reading the kernel. A step
 * without alternatives is dropped, a path without steps, a role without paths. What is left is at most what other
 * sources could give, so the rate measured with it is a lower bound for reports that nobody has seen.
 *
 * <p>Two reports are one incident if they quote each other: if half of the frames with their offsets
 * ({@code f+0x1f/0x2d0}), which no two builds share, are the same.
 *
 * <p>The catalogue of bugs, written from the fixing patches, is such another source. {@link #reduced} lets stay what its
 * row of the bug names if {@code catalogue} is true, so it also works for bugs with one report; without it nothing but
 * the other reports counts, which is harsher than life, and only asked where there is another incident.
 */
final class LeaveOneOut {
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(?:->[A-Za-z0-9_]+|[-][0-9a-z]+)*");
  private static final Pattern FRAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*\\+0x[0-9a-f]+/0x[0-9a-f]+");

  private record Log(String id, Set<String> words, Set<String> frames, List<String> lines) {
    boolean quotes(Log other) {
      Set<String> both = new HashSet<>(frames);
      both.retainAll(other.frames);
      int least = Math.min(frames.size(), other.frames.size());
      return least == 0 ? lines.stream().filter(other.lines::contains).count() * 2 > lines.size() : 2 * both.size() >= least;
    }
  }

  private final Knowledge knowledge;
  private final Map<String, List<Log>> byBug = new HashMap<>();
  private final Map<String, Set<String>> rows = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();

  LeaveOneOut(Knowledge knowledge, Path shared, List<Incidents.Labelled> all) {
    this.knowledge = knowledge;
    for (Incidents.Labelled one : all) {
      if (!one.bug().isEmpty()) {
        byBug.computeIfAbsent(name(one), b -> new ArrayList<>()).add(log(one));
      }
    }
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(shared.resolve("incidents/known-bugs.csv"))) {
      for (CSVRecord row : format.parse(reader)) {
        Bug bug = knowledge.bug(row.get("bug_id"));
        String text = String.join(" ", row.toMap().values());
        rows.computeIfAbsent(bug.name(), b -> new HashSet<>()).addAll(words(text));
        texts.merge(bug.name(), text, (a, b) -> a + " " + b);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String name(Incidents.Labelled one) {
    return knowledge.bug(one.bug()).name();
  }

  private static Log log(Incidents.Labelled one) {
    try {
      String text = new String(Files.readAllBytes(one.log()), StandardCharsets.ISO_8859_1);
      Set<String> frames = new HashSet<>();
      FRAME.matcher(text).results().forEach(r -> frames.add(r.group()));
      return new Log(one.id(), words(text), frames, text.lines().map(LeaveOneOut::bare).filter(l -> l.length() > 9).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String bare(String line) {
    return line.replaceFirst("^[>\\s]*(\\[[^\\]]*\\])*", "").strip();
  }

  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    Matcher m = WORD.matcher(text);
    while (m.find()) {
      words.add(m.group());
      words.add(m.group().substring(m.group().lastIndexOf('>') + 1));
    }
    return words;
  }

  /** Whether the bug has an incident beside this one. */
  boolean hasOthers(Incidents.Labelled one) {
    return !others(one).isEmpty();
  }

  private List<Log> others(Incidents.Labelled one) {
    List<Log> logs = byBug.get(name(one));
    Log own = logs.stream().filter(l -> l.id().equals(one.id())).findFirst().orElseThrow();
    return logs.stream().filter(l -> l != own && !l.quotes(own)).toList();
  }

  /** All knowledge, its bug reduced to what is known without {@code one}. */
  Knowledge without(Incidents.Labelled one, boolean catalogue) {
    Bug bug = knowledge.bug(one.bug());
    Log own = byBug.get(bug.name()).stream().filter(l -> l.id().equals(one.id())).findFirst().orElseThrow();
    List<Log> others = others(one);
    Predicate<String> alone =
        glob ->
            !any(own.words(), glob)
                || others.stream().anyMatch(o -> family(o.words(), glob))
                || catalogue && family(rows.getOrDefault(bug.name(), Set.of()), glob);
    // Whoever learns one name of a function from a report knows the others from the kernel's history.
    Predicate<String> name = glob -> knowledge.functions().of(glob).stream().allMatch(alone);
    Predicate<String> message =
        glob ->
            !any(own.lines(), glob)
                || others.stream().anyMatch(o -> any(o.lines(), glob))
                || catalogue && says(texts.getOrDefault(bug.name(), ""), glob);
    return knowledge.with(reduced(bug, name, message));
  }

  /** Whether the texts have a name of the function; which names it has is known from the kernel's history. */
  private boolean family(Set<String> texts, String glob) {
    return any(texts, glob) || knowledge.functions().of(glob).stream().anyMatch(texts::contains);
  }

  private static boolean any(Iterable<String> texts, String glob) {
    for (String text : texts) {
      if (NamePattern.globMatches(glob, text)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a row has the words of a message, however it quotes the values between them. */
  private static boolean says(String row, String glob) {
    for (String part : glob.split("[*:]")) {
      if (part.strip().length() > 3 && !row.contains(part.strip())) {
        return false;
      }
    }
    return true;
  }

  private static Bug reduced(Bug bug, Predicate<String> name, Predicate<String> message) {
    List<Role> roles = new ArrayList<>();
    for (Role role : bug.roles()) {
      List<Role.RoleWait> waits = new ArrayList<>();
      for (Role.RoleWait wait : role.waits()) {
        FramePath path = path(wait.path(), name);
        if (path != null || !wait.kinds().isEmpty()) {
          waits.add(new Role.RoleWait(wait.kinds(), path));
        }
      }
      List<Role.RoleHold> holds = new ArrayList<>();
      for (Role.RoleHold hold : role.holds()) {
        holds.add(new Role.RoleHold(hold.kinds(), hold.frame() == null ? null : step(hold.frame(), name)));
      }
      List<FramePath> runs = role.runs().stream().map(p -> path(p, name)).filter(p -> p != null).toList();
      if (!waits.isEmpty() || !holds.isEmpty() || !runs.isEmpty()) {
        roles.add(
            new Role(role.name(), role.title(), role.optional(), role.common(), waits, holds, runs, role.task(), role.at()));
      }
    }
    List<List<String>> locks = new ArrayList<>();
    for (List<String> order : bug.lockOrders()) {
      List<String> left = order.stream().filter(name).toList();
      if (!left.isEmpty()) {
        locks.add(left);
      }
    }
    List<LogPattern> patterns = new ArrayList<>();
    for (LogPattern p : bug.logPatterns()) {
      if (p.type() != LogPattern.Type.MESSAGE || message.test(p.argument())) {
        patterns.add(
            new LogPattern(p.type(), p.argument(), path(p.in(), name), p.times(), p.optional(), p.common(), p.at()));
      }
    }
    return new Bug(
        bug.name(), bug.ids(), bug.title(), bug.kind(), bug.subsystem(), bug.fixes(), bug.kernels(), bug.backports(),
        bug.stable(), roles, List.of(), locks, patterns, bug.says(), bug.symptom(), bug.confirm(), bug.workaround(),
        bug.source(), bug.at());
  }

  private static FramePath path(FramePath path, Predicate<String> name) {
    if (path == null) {
      return null;
    }
    List<NamePattern> steps = path.steps().stream().map(s -> step(s, name)).filter(s -> s != null).toList();
    return steps.isEmpty() ? null : new FramePath(steps);
  }

  private static NamePattern step(NamePattern step, Predicate<String> name) {
    List<String> left = step.alternatives().stream().filter(name).toList();
    return left.isEmpty() ? null : new NamePattern(left);
  }
}
