package org.btrsleuth.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.btrsleuth.replay.WhatIfRules;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Names of {@code --what-if} on the command line. */
final class WhatIfConverter implements ITypeConverter<WhatIfRules>, Iterable<String> {
  @Override
  public WhatIfRules convert(String value) {
    return Arrays.stream(WhatIfRules.values())
        .filter(rules -> rules.option().equalsIgnoreCase(value))
        .findFirst()
        .orElseThrow(
            () -> new TypeConversionException(
                "'" + value + "' are no known rules; one of " + names().collect(Collectors.joining(", "))));
  }

  @Override
  public Iterator<String> iterator() {
    return names().iterator();
  }

  private static Stream<String> names() {
    return Arrays.stream(WhatIfRules.values()).map(WhatIfRules::option);
  }
}
