package org.btrsleuth.report;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Rebuilds a tree of records, lists and maps with every text replaced. By default a text goes through one function;
 * types and component names can have their own.
 */
final class RecordMapper {
  private final UnaryOperator<String> text;
  private final Map<Class<?>, UnaryOperator<Object>> byType;
  private final Map<String, UnaryOperator<String>> byComponent;
  private final Map<Class<?>, RecordComponent[]> components = new HashMap<>();

  RecordMapper(
      UnaryOperator<String> text,
      Map<Class<?>, UnaryOperator<Object>> byType,
      Map<String, UnaryOperator<String>> byComponent) {
    this.text = text;
    this.byType = byType;
    this.byComponent = byComponent;
  }

  Object map(Object value) {
    return map(value, null);
  }

  private Object map(Object value, String component) {
    if (value == null) {
      return null;
    }
    UnaryOperator<Object> own = byType.get(value.getClass());
    if (own != null) {
      return own.apply(value);
    }
    if (value instanceof String s) {
      return byComponent.getOrDefault(component == null ? "" : component, text).apply(s);
    }
    if (value instanceof List<?> list) {
      List<Object> mapped = new ArrayList<>(list.size());
      for (Object element : list) {
        mapped.add(map(element, component));
      }
      return mapped;
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> mapped = new LinkedHashMap<>();
      map.forEach((k, v) -> mapped.put(map(k, null), map(v, null)));
      return mapped;
    }
    return value instanceof Record ? record(value) : value;
  }

  private Object record(Object value) {
    Class<?> type = value.getClass();
    RecordComponent[] parts = components.computeIfAbsent(type, Class::getRecordComponents);
    Class<?>[] types = new Class<?>[parts.length];
    Object[] values = new Object[parts.length];
    try {
      for (int i = 0; i < parts.length; i++) {
        types[i] = parts[i].getType();
        values[i] = map(parts[i].getAccessor().invoke(value), parts[i].getName());
      }
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type.getName() + " cannot be rebuilt", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.getName() + " cannot be rebuilt", e);
    }
  }
}
