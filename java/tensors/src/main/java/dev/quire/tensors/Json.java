package dev.quire.tensors;

import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON from a mapped file, token by token. The parser's limits are set here: none of them is the parser's default, and
 * what a header may cost depends on its length alone.
 */
final class Json implements AutoCloseable {
    /** Of a header: the reference reader's limit. */
    static final int MAX_BYTES = 100_000_000;

    /** The headers need 3. */
    private static final int MAX_DEPTH = 16;

    private static final int MAX_NAME = 65_536;

    /** More than a {@code long} has. */
    private static final int MAX_DIGITS = 20;

    /**
     * Names are not looked up in tables, whose entries could be made to collide: each is a new text.
     */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(MAX_BYTES)
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME)
                    .maxNumberLength(MAX_DIGITS)
                    .maxStringLength(MAX_BYTES)
                    .build())
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .build();

    private final Source source;
    private final JsonParser parser;

    private Json(Source source, JsonParser parser) {
        this.source = source;
        this.parser = parser;
    }

    /** What reads a document to its end. */
    interface Body {
        void read(Json json) throws IOException;
    }

    /**
     * Reads one object, and that nothing but white space follows it.
     *
     * @param start of the text in the file
     * @param length of the text in bytes
     */
    static void readObject(Source source, long start, long length, Body body) throws IOException {
        InputStream bytes = new Bytes(source, start, start + length);
        InputStreamReader text = new InputStreamReader(
                bytes,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        try (Json json = new Json(source, FACTORY.createParser(ObjectReadContext.empty(), new Kept(text)))) {
            json.expect(json.parser.nextToken(), JsonToken.START_OBJECT, "the header");
            body.read(json);
            if (json.parser.nextToken() != null) {
                throw source.bad("something follows the JSON object of the header");
            }
        } catch (StreamReadException e) {
            throw new TensorFileException.BadHeader(
                    source.name(), "the header is not the JSON it should be: " + harmless(e), e);
        } catch (JacksonException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw new TensorFileException.BadHeader(source.name(), "the header is no UTF-8", e);
            }
            throw new TensorFileException.BadHeader(source.name(), "the header cannot be read: " + harmless(e), e);
        }
    }

    private static String harmless(JacksonException e) {
        @Nullable TokenStreamLocation location = e.getLocation();
        return Quoted.of(Objects.requireNonNullElse(e.getOriginalMessage(), ""))
                + (location == null ? "" : " at character " + location.getCharOffset());
    }

    /** The next name of the object that is being read; null at its end. */
    @Nullable
    String nextName() throws IOException {
        JsonToken token = parser.nextToken();
        return token == JsonToken.PROPERTY_NAME ? parser.currentName() : null;
    }

    void beginObject(String what) throws IOException {
        expect(parser.nextToken(), JsonToken.START_OBJECT, what);
    }

    void beginArray(String what) throws IOException {
        expect(parser.nextToken(), JsonToken.START_ARRAY, what);
    }

    String text(String what) throws IOException {
        expect(parser.nextToken(), JsonToken.VALUE_STRING, what);
        return parser.getString();
    }

    /** Goes past a text without making one of it. */
    void skipText(String what) throws IOException {
        expect(parser.nextToken(), JsonToken.VALUE_STRING, what);
    }

    /** Goes past a value of any kind. */
    void skip() {
        parser.nextToken();
        parser.skipChildren();
    }

    /** A text, number or truth value as text; null after going past something else. */
    @Nullable
    String scalar() {
        JsonToken token = parser.nextToken();
        if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
            return parser.getString();
        }
        parser.skipChildren();
        return null;
    }

    /** The next whole number of an array, at least 0; -1 at the end of the array. */
    long nextNumber(String what) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.END_ARRAY) {
            return -1;
        }
        expect(token, JsonToken.VALUE_NUMBER_INT, what);
        JsonParser.NumberType type = parser.getNumberType();
        long number = type == JsonParser.NumberType.BIG_INTEGER ? -1 : parser.getLongValue();
        if (number < 0) {
            throw source.bad(
                    what + " has the number " + Quoted.of(parser.getString()) + ", which is not from 0 to 2^63 - 1");
        }
        return number;
    }

    private void expect(@Nullable JsonToken found, JsonToken wanted, String what) throws TensorFileException {
        if (found != wanted) {
            throw source.bad(
                    what + " should be " + word(wanted) + ", and is " + (found == null ? "nothing" : word(found)));
        }
    }

    private static String word(JsonToken token) {
        return switch (token) {
            case START_OBJECT, END_OBJECT -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_STRING, PROPERTY_NAME -> "a text";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "a fraction";
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            default -> "unknown";
        };
    }

    @Override
    public void close() {
        parser.close();
    }

    /** A part of a file. */
    private static final class Bytes extends InputStream {
        private final Source source;
        private final long end;
        private long position;

        Bytes(Source source, long position, long end) {
            this.source = source;
            this.position = position;
            this.end = end;
        }

        @Override
        public int read() {
            return position < end ? source.bytes().get(position++) & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int from, int count) {
            int some = (int) Math.min(count, end - position);
            if (some == 0) {
                return count == 0 ? 0 : -1;
            }
            source.bytes().copyTo(position, target, from, some);
            position += some;
            return some;
        }
    }

    /** Has nothing to close. */
    private static final class Kept extends FilterReader {
        Kept(InputStreamReader text) {
            super(text);
        }

        @Override
        public void close() {}
    }
}
