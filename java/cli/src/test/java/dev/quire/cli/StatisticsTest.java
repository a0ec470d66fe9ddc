package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.Mapping;
import dev.quire.array.ArrayView;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.slice.ByteSlice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files too large for one go are read in parts; the parts must add up. */
class StatisticsTest {
    @ParameterizedTest
    @MethodSource("dev.quire.cli.Samples#dtypes")
    void partsAddUp(String dtype) throws Exception {
        Samples samples = Samples.random(dtype, 1000);
        try (Mapping map = Mapping.anonymous(samples.bytes().length)) {
            map.bytes().copyFrom(0, samples.bytes(), 0, samples.bytes().length);
            Statistics whole = part(samples, map, 0, 1000);
            for (int cut : new int[] {0, 1, 999, 1000}) {
                Statistics sum = part(samples, map, 0, cut)
                        .plus(part(samples, map, cut, 500 > cut ? 500 - cut : 0))
                        .plus(part(samples, map, Math.max(cut, 500), 1000 - Math.max(cut, 500)));
                assertEquals(whole.count(), sum.count());
                assertEquals(whole.min(), sum.min());
                assertEquals(whole.max(), sum.max());
                assertEquals(whole.std(), sum.std(), 1e-13 * whole.std());
                assertEquals(whole.mean(), sum.mean(), 1e-12 * whole.std());
                assertEquals(whole.sum().doubleValue(), sum.sum().doubleValue(), 1e-10 * whole.std());
            }
        }
    }

    private static Statistics part(Samples samples, Mapping map, int from, int count) {
        long item = samples.dtype().itemBytes();
        ByteSlice part = map.bytes().slice(from * item, count * item);
        return Statistics.of(ArrayView.over(part, samples.dtype(), Shape.of(count), Order.C));
    }
}
