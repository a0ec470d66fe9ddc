package dev.quire;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.quire.testing.ChildJvm;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** The house has one direction, uses -> facade -> slice -> internal -> words and errors, and one wall. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(ChildJvm.classes());

    @Test
    void packagesDependOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .optionalLayer("uses")
                .definedBy("dev.quire.array..", "dev.quire.scan..", "dev.quire.shared..", "dev.quire.cache..")
                .layer("facade")
                .definedBy("dev.quire")
                .layer("slice")
                .definedBy("dev.quire.slice")
                .layer("internal")
                .definedBy("dev.quire.internal")
                .layer("reduce")
                .definedBy("dev.quire.internal.reduce")
                .layer("generated")
                .definedBy("dev.quire.internal.ffi")
                .layer("words")
                .definedBy("dev.quire.advice")
                .layer("errors")
                .definedBy("dev.quire.error")
                .whereLayer("uses")
                .mayOnlyAccessLayers("facade", "slice", "reduce", "internal", "words", "errors")
                .whereLayer("facade")
                .mayOnlyAccessLayers("slice", "internal", "words", "errors")
                .whereLayer("slice")
                .mayOnlyAccessLayers("reduce", "internal", "words", "errors")
                .whereLayer("reduce")
                .mayOnlyAccessLayers("internal", "generated", "words", "errors")
                .whereLayer("internal")
                .mayOnlyAccessLayers("generated", "words", "errors")
                .whereLayer("generated")
                .mayNotAccessAnyLayer()
                .whereLayer("words")
                .mayNotAccessAnyLayer()
                .whereLayer("errors")
                .mayNotAccessAnyLayer()
                .ensureAllClassesAreContainedInArchitecture()
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching("dev.quire.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheWallImportsTheBindings() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.quire.internal", "dev.quire.internal.reduce", "dev.quire.internal.ffi")
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
                .haveFullyQualifiedName("dev.quire.internal.Region")
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
