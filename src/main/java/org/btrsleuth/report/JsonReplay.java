package org.btrsleuth.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.replay.ReplayReport.Anomaly;
import org.btrsleuth.replay.ReplayReport.Check;
import org.btrsleuth.replay.ReplayReport.EnospcMoment;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.Flush;
import org.btrsleuth.replay.ReplayReport.Gap;
import org.btrsleuth.replay.ReplayReport.Holder;
import org.btrsleuth.replay.ReplayReport.InodeDifference;
import org.btrsleuth.replay.ReplayReport.InodeShare;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.InodeUnitRules;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.Pool;
import org.btrsleuth.replay.ReplayReport.Question;
import org.btrsleuth.replay.ReplayReport.Range;
import org.btrsleuth.replay.ReplayReport.SpaceInfo;
import org.btrsleuth.replay.ReplayReport.Tickets;
import org.btrsleuth.replay.ReplayReport.UnitVictim;
import org.btrsleuth.replay.ReplayReport.WhatIf;
import org.btrsleuth.source.Evidence;

/** Key {@code replay} of the JSON report. Time series stay out of it; they are in {@code tables/series.csv}. */
final class JsonReplay {
  private static final String[] QUANTILES = {"p50", "p90", "p99", "max"};

  private final JsonGenerator json;

  JsonReplay(JsonGenerator json) {
    this.json = json;
  }

  void write(ReplayReport replay) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("filesystems");
    for (FileSystem fs : replay.fileSystems()) {
      fileSystem(fs);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void fileSystem(FileSystem fs) throws IOException {
    json.writeStartObject();
    json.writeStringField("fsid", fs.fsid());
    json.writeStringField("era", fs.era());
    json.writeObjectFieldStart("unit");
    json.writeNumberField("insert", fs.unitInsert());
    json.writeNumberField("update", fs.unitUpdate());
    json.writeEndObject();
    json.writeArrayFieldStart("spaceInfos");
    for (SpaceInfo info : fs.spaceInfos()) {
      json.writeStartObject();
      json.writeNumberField("flags", info.flags());
      json.writeStringField("name", info.name());
      json.writeBooleanField("anchored", info.anchored());
      range("mayUse", info.mayUse());
      range("pinned", info.pinned());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("pools");
    for (Pool pool : fs.pools()) {
      json.writeStartObject();
      json.writeStringField("type", pool.type());
      json.writeNumberField("reserved", pool.reserved());
      json.writeNumberField("released", pool.released());
      json.writeNumberField("consumed", pool.consumed());
      json.writeNumberField("migrated", pool.migrated());
      json.writeNumberField("outstanding", pool.outstanding());
      json.writeNumberField("highWater", pool.highWater());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("inodes", fs.inodes());
    tickets(fs.tickets());
    json.writeArrayFieldStart("flushes");
    for (Flush flush : fs.flushes()) {
      json.writeStartObject();
      json.writeStringField("state", flush.state());
      json.writeNumberField("count", flush.count());
      json.writeNumberField("failed", flush.failed());
      json.writeNumberField("bytesAsked", flush.bytesAsked());
      json.writeNumberField("askedForAll", flush.askedForAll());
      json.writeNumberField("bytesReclaimed", flush.bytesReclaimed());
      json.writeEndObject();
    }
    json.writeEndArray();
    inodeUnits("inodeUnits", fs.inodeUnits(), 1);
    whatIf(fs.whatIf());
    json.writeArrayFieldStart("inodeUnitEvents");
    for (InodeUnitEvent event : fs.inodeUnitEvents()) {
      inodeUnitEvent(event);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("checks");
    for (Check check : fs.checks()) {
      json.writeStartObject();
      json.writeStringField("name", check.name());
      json.writeNumberField("compared", check.compared());
      json.writeNumberField("mismatches", check.mismatches());
      json.writeNumberField("undecided", check.undecided());
      if (check.firstMismatch() == null) {
        json.writeNullField("firstMismatch");
      } else {
        json.writeFieldName("firstMismatch");
        evidence(json, check.firstMismatch());
      }
      json.writeStringField("detail", check.detail());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("gaps");
    for (Gap gap : fs.gaps()) {
      json.writeStartObject();
      json.writeFieldName("at");
      evidence(json, gap.at());
      json.writeStringField("because", gap.because());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("enospc");
    for (EnospcMoment moment : fs.enospcMoments()) {
      enospc(moment);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("anomalies");
    for (Anomaly anomaly : fs.anomalies()) {
      anomaly(anomaly);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("unanswered");
    for (Question question : fs.unanswered()) {
      json.writeStartObject();
      json.writeArrayFieldStart("patterns");
      for (String pattern : question.patterns().split(", ")) {
        json.writeString(pattern);
      }
      json.writeEndArray();
      json.writeStringField("because", question.because());
      json.writeStringField("record", question.record());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("notes");
    for (String note : fs.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void range(String name, Range range) throws IOException {
    if (range == null) {
      json.writeNullField(name);
      return;
    }
    json.writeObjectFieldStart(name);
    json.writeNumberField("first", range.first());
    json.writeNumberField("last", range.last());
    json.writeNumberField("max", range.max());
    json.writeEndObject();
  }

  private void tickets(Tickets tickets) throws IOException {
    if (tickets == null) {
      json.writeNullField("tickets");
      return;
    }
    json.writeObjectFieldStart("tickets");
    json.writeNumberField("count", tickets.count());
    json.writeNumberField("failed", tickets.failed());
    json.writeNumberField("interrupted", tickets.interrupted());
    json.writeObjectFieldStart("waitNanos");
    for (int i = 0; i < tickets.waitNanos().size() && i < QUANTILES.length; i++) {
      json.writeNumberField(QUANTILES[i], tickets.waitNanos().get(i));
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  /** {@code depth} 1 for the capture's own rules, 0 for what-if, which has no what-if of its own. */
  private void inodeUnits(String name, InodeUnits units, int depth) throws IOException {
    if (units == null) {
      json.writeNullField(name);
      return;
    }
    json.writeObjectFieldStart(name);
    json.writeNumberField("completions", units.completions());
    json.writeNumberField("alreadyDirty", units.alreadyDirty());
    json.writeNumberField("handedOver", units.handedOver());
    json.writeNumberField("withoutEntitlement", units.withoutEntitlement());
    json.writeNumberField("withoutEntitlementBytes", units.withoutEntitlementBytes());
    json.writeNumberField("onDemand", units.onDemand());
    json.writeNumberField("stolenFromDelalloc", units.stolenFromDelalloc());
    json.writeNumberField("stolenFromGlobal", units.stolenFromGlobal());
    json.writeNumberField("failed", units.failed());
    json.writeNumberField("directUpdate", units.directUpdate());
    json.writeNumberField("undecided", units.undecided());
    json.writeNumberField("noUpdate", units.noUpdate());
    rules(units.rules());
    if (depth > 0) {
      inodeUnits("whatIf", units.whatIf(), depth - 1);
    }
    json.writeEndObject();
  }

  /** Only there when {@code --what-if} asked for it. */
  private void whatIf(WhatIf whatIf) throws IOException {
    if (whatIf == null) {
      json.writeNullField("whatIf");
      return;
    }
    json.writeObjectFieldStart("whatIf");
    json.writeStringField("option", whatIf.option());
    json.writeStringField("rules", whatIf.rules());
    json.writeBooleanField("replayed", whatIf.replayed());
    json.writeStringField("verdict", whatIf.verdict());
    event("firstDifference", whatIf.firstDifference());
    event("firstFailure", whatIf.firstFailure());
    json.writeArrayFieldStart("inodes");
    for (InodeDifference inode : whatIf.inodes()) {
      json.writeStartObject();
      known("root", inode.root());
      json.writeNumberField("ino", inode.ino());
      json.writeNumberField("completions", inode.completions());
      json.writeNumberField("differing", inode.differing());
      known("firstAtNanos", inode.firstAtNanos());
      share("recorded", inode.recorded());
      share("otherwise", inode.otherwise());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("notes");
    for (String note : whatIf.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void share(String name, InodeShare share) throws IOException {
    json.writeObjectFieldStart(name);
    known("reserved", share.reserved());
    json.writeNumberField("handedOver", share.handedOver());
    json.writeNumberField("onDemand", share.onDemand());
    json.writeNumberField("taken", share.taken());
    json.writeNumberField("failed", share.failed());
    json.writeEndObject();
  }

  private void known(String name, long value) throws IOException {
    if (value < 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }

  private void event(String name, InodeUnitEvent event) throws IOException {
    if (event == null) {
      json.writeNullField(name);
    } else {
      json.writeFieldName(name);
      inodeUnitEvent(event);
    }
  }

  private void rules(InodeUnitRules rules) throws IOException {
    json.writeObjectFieldStart("rules");
    json.writeStringField("name", rules.rules().toString());
    json.writeStringField("certainty", Words.certainty(rules.certain()));
    json.writeArrayFieldStart("because");
    for (String sentence : rules.because()) {
      json.writeString(sentence);
    }
    json.writeEndArray();
    json.writeNumberField("inodes", rules.inodes());
    json.writeNumberField("peakShortage", rules.peakShortage());
    json.writeFieldName("peakShortageAt");
    evidence(json, rules.peakShortageAt());
    json.writeArrayFieldStart("victims");
    for (UnitVictim victim : rules.victims()) {
      json.writeStartObject();
      json.writeNumberField("ino", victim.ino());
      json.writeNumberField("promised", victim.promised());
      json.writeNumberField("shortage", victim.shortage());
      json.writeNumberField("timeNanos", victim.timeNanos());
      json.writeEndObject();
    }
    json.writeEndArray();
    event("firstFailure", rules.firstFailure());
    json.writeEndObject();
  }

  private void inodeUnitEvent(InodeUnitEvent event) throws IOException {
    json.writeStartObject();
    json.writeStringField("outcome", event.outcome());
    if (event.root() == -1) {
      json.writeNullField("root");
    } else {
      json.writeNumberField("root", event.root());
    }
    json.writeNumberField("ino", event.ino());
    json.writeNumberField("bytes", event.bytes());
    json.writeStringField("task", event.task());
    json.writeNumberField("timeNanos", event.timeNanos());
    json.writeFieldName("evidence");
    evidence(json, event.evidence());
    json.writeEndObject();
  }

  private void enospc(EnospcMoment moment) throws IOException {
    json.writeStartObject();
    json.writeNumberField("timeNanos", moment.timeNanos());
    json.writeNumberField("flags", moment.flags());
    json.writeStringField("task", moment.task());
    json.writeNumberField("bytes", moment.bytes());
    json.writeStringField("how", moment.how());
    json.writeStringField("sentence", moment.sentence());
    json.writeArrayFieldStart("holders");
    for (Holder holder : moment.holders()) {
      json.writeStartObject();
      json.writeStringField("kind", holder.kind());
      json.writeStringField("name", holder.name());
      json.writeNumberField("bytes", holder.bytes());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeFieldName("evidence");
    evidence(json, moment.at());
    json.writeEndObject();
  }

  private void anomaly(Anomaly anomaly) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", anomaly.kind());
    json.writeStringField("pool", anomaly.pool());
    json.writeNumberField("root", anomaly.root());
    json.writeNumberField("owner", anomaly.owner());
    json.writeNumberField("amount", anomaly.amount());
    json.writeStringField("certainty", Words.certainty(anomaly.certain()));
    json.writeStringField("because", anomaly.because());
    json.writeObjectFieldStart("numbers");
    for (Map.Entry<String, Long> number : new TreeMap<>(anomaly.numbers()).entrySet()) {
      json.writeNumberField(number.getKey(), number.getValue());
    }
    json.writeEndObject();
    evidence(json, "evidence", anomaly.evidence());
    json.writeEndObject();
  }

  static void evidence(JsonGenerator json, String name, List<Evidence> lines) throws IOException {
    json.writeArrayFieldStart(name);
    for (Evidence line : lines) {
      evidence(json, line);
    }
    json.writeEndArray();
  }

  static void evidence(JsonGenerator json, Evidence line) throws IOException {
    if (line == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeStringField("path", line.path());
    json.writeNumberField("line", line.line());
    json.writeStringField("text", line.text());
    json.writeEndObject();
  }
}
