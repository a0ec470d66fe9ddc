package dev.quire.repository;

import dev.quire.testing.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a user of the module can name: public types of exported packages, and their public and protected members. The
 * methods that every object or every enum has are left out.
 */
final class PublicApi {
    private final Set<String> exported = new TreeSet<>();
    private final List<Class<?>> types = new ArrayList<>();
    private final Set<String> hiddenTypes = new TreeSet<>();
    private String place = "";
    private int members;

    PublicApi() {
        ModuleDescriptor module = ModuleFinder.of(ChildJvm.classes())
                .find("dev.quire")
                .orElseThrow()
                .descriptor();
        module.exports().stream()
                .filter(export -> !export.isQualified())
                .forEach(export -> exported.add(export.source()));
        for (String name : exported) {
            for (Path file : filesOf(name)) {
                Class<?> type = load(name + "." + file.getFileName().toString().replaceFirst("\\.class$", ""));
                if (isVisible(type)) {
                    types.add(type);
                }
            }
        }
        types.sort((a, b) -> title(a).compareTo(title(b)));
    }

    private static List<Path> filesOf(String packageName) {
        Path folder = ChildJvm.classes().resolve(packageName.replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".class") && !file.endsWith("package-info.class"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Public, or a protected member of what can be extended, and so is every type around it. */
    private static boolean isVisible(Class<?> type) {
        return !type.isAnonymousClass()
                && !type.isLocalClass()
                && isVisible(type.getModifiers(), type.getEnclosingClass())
                && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
    }

    private static boolean isVisible(int modifiers, Class<?> owner) {
        return Modifier.isPublic(modifiers)
                || (Modifier.isProtected(modifiers) && owner != null && !Modifier.isFinal(owner.getModifiers()));
    }

    Set<String> exported() {
        return exported;
    }

    /** A line for each type and member, and their numbers. */
    String text() {
        StringBuilder text = new StringBuilder();
        TreeMap<String, List<Class<?>>> byPackage =
                types.stream().collect(Collectors.groupingBy(Class::getPackageName, TreeMap::new, Collectors.toList()));
        members = 0;
        byPackage.forEach((name, all) -> {
            text.append("\npackage ").append(name).append('\n');
            all.forEach(type -> describe(type, text));
        });
        return "%d types, %d methods and constructors%n"
                        .formatted(types.size(), members)
                        .replace("\r", "")
                + text;
    }

    /** Each place where a signature has a type that users cannot name: "type.member: hidden type". */
    Set<String> hiddenTypes() {
        text();
        return hiddenTypes;
    }

    /** Each hidden type in the signatures of one type, whether that is part of the surface or not. */
    Set<String> hiddenTypesOf(Class<?> type) {
        hiddenTypes.clear();
        describe(type, new StringBuilder());
        return hiddenTypes;
    }

    private void describe(Class<?> type, StringBuilder text) {
        text.append('\n').append(declaration(type)).append('\n');
        constants(type).forEach(constant -> text.append("    ").append(constant).append('\n'));
        members(type).forEach(line -> text.append("    ").append(line).append('\n'));
    }

    /** Constructors, then methods by name. */
    private List<String> members(Class<?> type) {
        List<String> lines = new ArrayList<>();
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isVisible(constructor.getModifiers(), type) && !constructor.isSynthetic()) {
                lines.add(signature(type, constructor));
            }
        }
        lines.sort(null);
        TreeMap<String, Set<String>> methods = new TreeMap<>();
        for (Class<?> owner = type; owner != null; owner = hiddenParent(owner)) {
            for (Method method : owner.getDeclaredMethods()) {
                if (isVisible(method.getModifiers(), type) && !method.isSynthetic() && !isOfEveryType(type, method)) {
                    methods.computeIfAbsent(method.getName(), _ -> new TreeSet<>())
                            .add(signature(type, method));
                }
            }
        }
        methods.values().forEach(lines::addAll);
        members += lines.size();
        return lines;
    }

    /** The members of a superclass that users cannot name are those of its visible subclasses. */
    private Class<?> hiddenParent(Class<?> type) {
        Class<?> parent = type.getSuperclass();
        return parent == null || isVisible(parent) || !parent.getName().startsWith("dev.quire.") ? null : parent;
    }

    /** Of every object, or of every enum. */
    private static boolean isOfEveryType(Class<?> type, Method method) {
        return switch (method.getName()) {
            case "toString", "hashCode" -> method.getParameterCount() == 0;
            case "equals" -> method.getParameterCount() == 1 && method.getParameterTypes()[0] == Object.class;
            case "values" -> type.isEnum() && method.getParameterCount() == 0;
            case "valueOf" -> type.isEnum() && method.getParameterCount() == 1;
            default -> false;
        };
    }

    private List<String> constants(Class<?> type) {
        List<String> lines = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            if (field.isEnumConstant()) {
                lines.add(field.getName());
            } else if (isVisible(field.getModifiers(), type) && !field.isSynthetic()) {
                place = title(type) + "." + field.getName();
                lines.add(words(field.getModifiers()) + name(field.getGenericType()) + " " + field.getName());
            }
        }
        return lines;
    }

    private String declaration(Class<?> type) {
        String kind = type.isAnnotation()
                ? "@interface"
                : type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
        place = title(type);
        StringBuilder text = new StringBuilder();
        if (type.isSealed()) {
            text.append("sealed ");
        }
        if (kind.equals("class")) {
            text.append(words(type.getModifiers() & ~Modifier.STATIC));
            text.append(Modifier.isFinal(type.getModifiers()) ? "final " : "");
        }
        text.append(kind).append(' ').append(title(type)).append(parameters(type));
        Type parent = type.getGenericSuperclass();
        if (kind.equals("class") && parent != Object.class && isVisible(type.getSuperclass())) {
            text.append(" extends ").append(name(parent));
        }
        if (type.getInterfaces().length > 0) {
            text.append(type.isInterface() ? " extends " : " implements ").append(names(type.getGenericInterfaces()));
        }
        return text.toString();
    }

    private String signature(Class<?> type, Executable member) {
        place = title(type) + "." + (member instanceof Constructor ? "new" : member.getName());
        String start = member instanceof Method method
                ? name(method.getGenericReturnType()) + " " + method.getName()
                : title(type);
        String parameters = names(member.getGenericParameterTypes());
        if (member.isVarArgs()) {
            parameters = parameters.replaceFirst("\\[]$", "...");
        }
        String generic = parameters(member);
        return words(member.getModifiers() & ~(type.isInterface() ? Modifier.ABSTRACT : 0))
                + (member instanceof Method method && method.isDefault() ? "default " : "")
                + (generic.isEmpty() ? "" : generic + " ")
                + start + "(" + parameters + ")"
                + (member.getExceptionTypes().length == 0 ? "" : " throws " + names(member.getGenericExceptionTypes()));
    }

    private static String words(int modifiers) {
        return (Modifier.isProtected(modifiers) ? "protected " : "")
                + (Modifier.isStatic(modifiers) ? "static " : "")
                + (Modifier.isAbstract(modifiers) ? "abstract " : "");
    }

    private String parameters(GenericDeclaration declaration) {
        TypeVariable<?>[] parameters = declaration.getTypeParameters();
        if (parameters.length == 0) {
            return "";
        }
        return Arrays.stream(parameters)
                .map(one -> one.getBounds()[0] == Object.class
                        ? one.getName()
                        : one.getName() + " extends "
                                + Arrays.stream(one.getBounds())
                                        .map(bound -> name(bound))
                                        .collect(Collectors.joining(" & ")))
                .collect(Collectors.joining(", ", "<", ">"));
    }

    private String names(Type[] all) {
        return Arrays.stream(all).map(type -> name(type)).collect(Collectors.joining(", "));
    }

    /** As in a source that imports everything. Notes what a user could not import. */
    private String name(Type type) {
        return switch (type) {
            case Class<?> array when array.isArray() -> name(array.getComponentType()) + "[]";
            case Class<?> plain -> {
                if (isHidden(plain)) {
                    hiddenTypes.add(place + ": " + plain.getName());
                }
                yield title(plain);
            }
            case ParameterizedType generic ->
                name(generic.getRawType()) + "<" + names(generic.getActualTypeArguments()) + ">";
            case GenericArrayType array -> name(array.getGenericComponentType()) + "[]";
            case TypeVariable<?> variable -> variable.getName();
            case WildcardType wildcard
            when wildcard.getLowerBounds().length > 0 -> "? super " + names(wildcard.getLowerBounds());
            case WildcardType wildcard
            when wildcard.getUpperBounds()[0] != Object.class -> "? extends " + names(wildcard.getUpperBounds());
            case WildcardType _ -> "?";
            default -> throw new IllegalStateException(type.toString());
        };
    }

    private boolean isHidden(Class<?> type) {
        return type.getName().startsWith("dev.quire.")
                && !(isVisible(type) && exported.contains(type.getPackageName()));
    }

    private static String title(Class<?> type) {
        return type.getEnclosingClass() == null
                ? type.getSimpleName()
                : title(type.getEnclosingClass()) + "." + type.getSimpleName();
    }

    /** Simple names stand for one type each. */
    Set<String> ambiguousNames() {
        return types.stream()
                .collect(Collectors.groupingBy(PublicApi::title, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
