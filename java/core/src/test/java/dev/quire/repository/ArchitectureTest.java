package dev.quire.repository;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.quire.testing.ChildJvm;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Packages depend one way, uses -> facade -> slice -> internal -> words and errors, and one package passes the wall to
 * native code. CONTRIBUTING.md has the same packages in its map, and a test compares the two.
 */
class ArchitectureTest {
    /** The layer of every package. */
    static final Map<String, String> LAYERS = Map.ofEntries(
            Map.entry("dev.quire.array", "uses"),
            Map.entry("dev.quire.scan", "uses"),
            Map.entry("dev.quire.shared", "uses"),
            Map.entry("dev.quire.cache", "uses"),
            Map.entry("dev.quire", "facade"),
            Map.entry("dev.quire.slice", "slice"),
            Map.entry("dev.quire.internal", "internal"),
            Map.entry("dev.quire.internal.backing", "backing"),
            Map.entry("dev.quire.internal.load", "load"),
            Map.entry("dev.quire.internal.reduce", "reduce"),
            Map.entry("dev.quire.internal.ffi", "generated"),
            Map.entry("dev.quire.internal.door", "doors"),
            Map.entry("dev.quire.hint", "words"),
            Map.entry("dev.quire.error", "errors"));

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(ChildJvm.classes());

    @Test
    void packagesDependOneWay() {
        var layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String layer : Set.copyOf(LAYERS.values())) {
            layers = layers.layer(layer).definedBy(packagesOf(layer));
        }
        layers.whereLayer("uses")
                .mayOnlyAccessLayers(
                        "facade", "slice", "reduce", "internal", "backing", "load", "doors", "words", "errors")
                .whereLayer("facade")
                .mayOnlyAccessLayers("slice", "internal", "backing", "words", "errors")
                .whereLayer("slice")
                .mayOnlyAccessLayers("reduce", "internal", "backing", "doors", "words", "errors")
                .whereLayer("reduce")
                .mayOnlyAccessLayers("internal", "generated", "words", "errors")
                .whereLayer("internal")
                .mayOnlyAccessLayers("backing", "generated", "load", "doors", "words", "errors")
                .whereLayer("backing")
                .mayOnlyAccessLayers("generated", "load", "doors", "words", "errors")
                .whereLayer("load")
                .mayOnlyAccessLayers("errors")
                .whereLayer("generated")
                .mayNotAccessAnyLayer()
                .whereLayer("words")
                .mayNotAccessAnyLayer()
                .whereLayer("errors")
                .mayOnlyAccessLayers("doors")
                .whereLayer("doors")
                .mayNotAccessAnyLayer()
                .ensureAllClassesAreContainedInArchitecture()
                .check(CLASSES);
    }

    private static String[] packagesOf(String layer) {
        return LAYERS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(layer))
                .map(Map.Entry::getKey)
                .toArray(String[]::new);
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching("dev.quire.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /**
     * Nested classes count as the class they are in. Of {@code internal} and what is in it, but not of the bindings.
     */
    @Test
    void classesOfInternalFormNoCircle() {
        SliceAssignment byClass = new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                String name = type.getName();
                boolean isMeant = name.startsWith("dev.quire.internal.") && !name.startsWith("dev.quire.internal.ffi.");
                int nested = name.indexOf('$');
                return isMeant
                        ? SliceIdentifier.of(nested < 0 ? name : name.substring(0, nested))
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "classes of internal";
            }
        };
        slices().assignedFrom(byClass).should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheWallImportsTheBindings() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.quire.internal",
                        "dev.quire.internal.backing",
                        "dev.quire.internal.reduce",
                        "dev.quire.internal.ffi")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.quire.internal.ffi")
                .check(CLASSES);
    }

    @Test
    void onlyTheWallReinterprets() {
        var reinterpret = target(name("reinterpret")).and(target(owner(type(MemorySegment.class))));
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.quire.internal..")
                .should()
                .callMethodWhere(reinterpret)
                .check(CLASSES);
        classes() // the rule would find it
                .that()
                .haveFullyQualifiedName("dev.quire.internal.backing.NativeMemory")
                .should()
                .callMethodWhere(reinterpret)
                .check(CLASSES);
    }

    /** Its loads from mapped memory kill the VM when the file is truncated. */
    @Test
    void noVectorApi() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(CLASSES);
    }
}
