package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/** Acceptance 39: every view has the elements that {@link NaiveArray}, which copies, has. */
class ArrayLayoutPropertyTest {

    private static final int ITEM_BYTES = 4;

    /** A layout and its elements, each of which is the byte it begins at. */
    record Sample(ArrayLayout layout, NaiveArray model) {

        static Sample whole(Shape shape, Order order) {
            ArrayLayout layout = ArrayLayout.contiguous(shape, order, ITEM_BYTES);
            NaiveArray counted = NaiveArray.counting(shape, order);
            return new Sample(layout, counted.map(k -> k * ITEM_BYTES));
        }

        Sample select(List<Index> parts) {
            return new Sample(layout.select(parts), model.select(parts));
        }

        Sample transpose(int... axes) {
            return new Sample(layout.transpose(axes), model.transpose(axes));
        }

        void check() {
            assertEquals(model.shape(), layout.shape());
            long[] found = Indices.of(layout.shape()).stream()
                    .mapToLong(layout::offsetOf)
                    .toArray();
            assertArrayEquals(model.values(), found);
            assertEquals(LongStream.of(found).min().orElse(layout.offset()), layout.lowestByte());
            long lastByte = LongStream.of(found).max().orElse(layout.offset() - ITEM_BYTES);
            assertEquals(lastByte + ITEM_BYTES, layout.endByte());
            assertEquals(model.isConsecutive(Order.C, ITEM_BYTES), layout.isContiguous(Order.C));
            assertEquals(model.isConsecutive(Order.FORTRAN, ITEM_BYTES), layout.isContiguous(Order.FORTRAN));
        }
    }

    @Provide
    Arbitrary<Shape> shapes() {
        return Arbitraries.longs()
                .between(0, 5)
                .withDistribution(RandomDistribution.uniform())
                .array(long[].class)
                .ofMaxSize(4)
                .map(Shape::of);
    }

    private static Arbitrary<OptionalLong> bounds() {
        return Arbitraries.longs()
                .between(-8, 8)
                .optional(0.8)
                .map(bound -> bound.map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    private static Arbitrary<Index> ranges() {
        Arbitrary<Long> steps = Arbitraries.longs().between(-4, 4).filter(step -> step != 0);
        return Combinators.combine(bounds(), bounds(), steps).as(Index.Range::new);
    }

    /** Parts for each axis of a shape; positions only where there are some. */
    private static Arbitrary<List<Index>> selections(Shape shape) {
        List<Arbitrary<Index>> parts = new ArrayList<>();
        for (long dim : shape.dims()) {
            Arbitrary<Index> part = ranges();
            if (dim > 0) {
                Arbitrary<Index> positions =
                        Arbitraries.longs().between(-dim, dim - 1).map(Index::at);
                part = Arbitraries.frequencyOf(Tuple.of(3, ranges()), Tuple.of(1, positions));
            }
            parts.add(part);
        }
        return parts.isEmpty()
                ? Arbitraries.just(List.of())
                : Combinators.combine(parts).as(all -> all);
    }

    @Provide
    Arbitrary<Sample> views() {
        return Combinators.combine(shapes(), Arbitraries.of(Order.values()))
                .as(Sample::whole)
                .flatMap(sample -> selections(sample.layout().shape()).map(sample::select))
                .flatMap(sample -> permutations(sample.layout().shape().rank()).map(sample::transpose));
    }

    private static Arbitrary<int[]> permutations(int rank) {
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            axes.add(axis);
        }
        return Arbitraries.shuffle(axes)
                .map(order -> order.stream().mapToInt(axis -> axis).toArray());
    }

    @Property
    void viewsHaveTheRightElements(@ForAll("views") Sample view) {
        view.check();
    }

    @Property
    void viewsOfViewsHaveTheRightElements(@ForAll("views") Sample view, @ForAll Random random) {
        Arbitrary<List<Index>> selections = selections(view.layout().shape());
        view.select(selections.generator(10).next(random).value()).check();
    }

    @Property
    void newAxesAndRestsChangeNoElement(@ForAll("views") Sample view) {
        List<Index> parts = List.of(Index.newAxis(), Index.rest(), Index.newAxis());
        view.select(parts).check();
    }

    @Property
    void broadcastsRepeat(@ForAll("views") Sample view) {
        long[] dims = view.layout().shape().dims();
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = dims[axis] == 1 ? 3 : dims[axis];
        }
        long[] more = LongStream.concat(LongStream.of(2), LongStream.of(dims)).toArray();
        Shape target = Shape.of(more);
        ArrayLayout layout = view.layout().broadcast(target);
        NaiveArray model = view.model().broadcast(target);
        long[] found = Indices.of(target).stream().mapToLong(layout::offsetOf).toArray();
        assertArrayEquals(model.values(), found);
    }

    /** Reshaping finds strides exactly where a brute-force search over the model's elements finds them. */
    @Property
    void reshapesWhereAndOnlyWhereStridesExist(
            @ForAll("views") Sample view, @ForAll Order order, @ForAll Random random) {
        Shape target = factors(view.layout().shape().elementCount(), random);
        NaiveArray model = view.model().reshape(target, order);
        var reshaped = view.layout().reshape(target, order);
        assertEquals(model.hasStrides(), reshaped.isPresent());
        reshaped.ifPresent(layout -> new Sample(layout, model).check());
    }

    private static Shape factors(long count, Random random) {
        List<Long> dims = new ArrayList<>();
        long left = count;
        for (long factor = 2; factor <= left; ) {
            if (left % factor == 0) {
                int merged = dims.isEmpty() || random.nextBoolean() ? -1 : dims.size() - 1;
                if (merged < 0) {
                    dims.add(factor);
                } else {
                    dims.set(merged, dims.get(merged) * factor);
                }
                left /= factor;
            } else {
                factor++;
            }
        }
        if (left == 0 || random.nextInt(4) == 0) {
            dims.add(left);
        }
        Collections.shuffle(dims, random);
        return Shape.of(dims.stream().mapToLong(dim -> dim).toArray());
    }
}
