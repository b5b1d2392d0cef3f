package org.btrsleuth;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.ArrayList;
import java.util.List;

/** Packages depend along the data flow, in the order of {@link #FLOW}, and never back. */
@AnalyzeClasses(packages = "org.btrsleuth", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final List<String> FLOW =
      List.of(
          "grammar", "source", "format", "event", "stack", "log", "incident", "knowledge", "replay", "waitgraph",
          "finding", "chart", "report", "cli");

  @ArchTest static final ArchRule each_package_knows_only_what_stands_before_it = alongTheFlow();

  @ArchTest static final ArchRule no_cycles = slices().matching("org.btrsleuth.(*)..").should().beFreeOfCycles();

  private static LayeredArchitecture alongTheFlow() {
    LayeredArchitecture rule = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String name : FLOW) {
      rule = rule.optionalLayer(name).definedBy("org.btrsleuth." + name + "..");
    }
    for (int i = 0; i < FLOW.size(); i++) {
      List<String> later = new ArrayList<>(FLOW.subList(i + 1, FLOW.size()));
      rule =
          later.isEmpty()
              ? rule.whereLayer(FLOW.get(i)).mayNotBeAccessedByAnyLayer()
              : rule.whereLayer(FLOW.get(i)).mayOnlyBeAccessedByLayers(later.toArray(String[]::new));
    }
    return rule;
  }
}
