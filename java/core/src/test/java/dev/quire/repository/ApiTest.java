package dev.quire.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.internal.Region;
import dev.quire.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What users can name is what {@code java/core/API.txt} lists, so that a change of it is seen in a diff. The property
 * {@code quire.api.write} writes the list anew: {@code scripts/verify -pl native,java/core -Dtest=ApiTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dquire.api.write=true}.
 */
class ApiTest {
    private static final Path LIST = Repository.file("java/core/API.txt");

    @Test
    void theListIsOfThisSurface() throws IOException {
        String now = "# What users of the module dev.quire can name. Written by ApiTest, which says how.\n# "
                + new PublicApi().text();
        if (Boolean.getBoolean("quire.api.write")) {
            Files.writeString(LIST, now);
        }
        assertEquals(Repository.text(LIST), now, "write java/core/API.txt anew, as ApiTest says, and look at the diff");
    }

    @Test
    void aSimpleNameStandsForOneType() {
        assertEquals(Set.of(), new PublicApi().ambiguousNames());
    }

    @Test
    void everyTypeInASignatureCanBeNamed() {
        assertEquals(Set.of(), new PublicApi().hiddenTypes());
    }

    /** Looks for itself in what is wrong on purpose. */
    @Test
    void hiddenTypesAreFound() {
        String region = Region.class.getName();
        assertEquals(
                Set.of(
                        "ApiTest.Wrong.new: " + region,
                        "ApiTest.Wrong.regions: " + region,
                        "ApiTest.Wrong.field: " + region,
                        "ApiTest.Wrong.inherited: " + region),
                new PublicApi().hiddenTypesOf(Wrong.class));
    }

    @Test
    void nothingIsHiddenFromTheDocumentation() {
        Set<String> found = new TreeSet<>();
        for (String name : new PublicApi().exported()) {
            String folder = "java/core/src/main/java/" + name.replace('.', '/');
            for (Path source : Repository.files(folder, ".java")) {
                if (Repository.text(source).matches("(?s).*(@hidden|@SuppressWarnings\\([^)]*\"exports\").*")) {
                    found.add(Repository.name(source));
                }
            }
        }
        assertEquals(Set.of(), found);
    }

    @Test
    void nativeCodeIsNotPartOfIt() {
        assertTrue(new PublicApi().exported().stream().noneMatch(name -> name.startsWith("dev.quire.internal")));
    }

    private static class Parent {
        public Region inherited() {
            throw new IllegalStateException();
        }
    }

    /** As a careless class of an exported package would be. */
    @SuppressWarnings("exports")
    public static class Wrong extends Parent {
        protected Region field;

        public Wrong(Region region) {
            field = region;
        }

        public <T> List<? extends Region[]> regions(List<T> plain) {
            throw new IllegalStateException();
        }

        Region internal() {
            return field;
        }
    }
}
