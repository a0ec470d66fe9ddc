package dev.quire.tensors;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Blocks to floats, with the arithmetic of the reference: single precision, in its sequence of operations, so that the
 * results have the same bits. The layouts are those of ggml's {@code ggml-common.h}; the tests compare with the Python
 * package {@code gguf}.
 */
enum BlockDecoder {
    F32(TensorType.F32) {
        @Override
        void decodeOne(Blocks in, int at, float[] out, int to) {
            out[to] = Float.intBitsToFloat(in.word(at));
        }

        @Override
        void decode(Blocks in, int count, float[] out, int to) {
            for (int i = 0; i < count; i++) {
                out[to + i] = Float.intBitsToFloat(in.word(4 * i));
            }
        }
    },
    F16(TensorType.F16) {
        @Override
        void decodeOne(Blocks in, int at, float[] out, int to) {
            out[to] = in.half(at);
        }

        @Override
        void decode(Blocks in, int count, float[] out, int to) {
            for (int i = 0; i < count; i++) {
                out[to + i] = in.half(2 * i);
            }
        }
    },
    BF16(TensorType.BF16) {
        @Override
        void decodeOne(Blocks in, int at, float[] out, int to) {
            out[to] = Float.intBitsToFloat(in.bits(at) << 16);
        }

        @Override
        void decode(Blocks in, int count, float[] out, int to) {
            for (int i = 0; i < count; i++) {
                out[to + i] = Float.intBitsToFloat(in.bits(2 * i) << 16);
            }
        }
    },
    Q4_0(TensorType.Q4_0) {
        @Override
        void decodeOne(Blocks in, int at, float[] out, int to) {
            byte[] b = in.bytes;
            float d = in.half(at);
            for (int i = 0; i < 16; i++) {
                out[to + i] = d * ((b[at + 2 + i] & 15) - 8);
            }
            for (int i = 0; i < 16; i++) {
                out[to + 16 + i] = d * ((b[at + 2 + i] >> 4 & 15) - 8);
            }
        }
    },
    Q4_1(TensorType.Q4_1) {
        @Override
        void decodeOne(Blocks in, int at, float[] out, int to) {
            byte[] b = in.bytes;
            float d = in.half(at);
            float m = in.half(at + 2);
            for (int i = 0; i < 16; i++) {
                out[to + i] = d * (b[at + 4 + i] & 15) + m;
            }
            for (int i = 0; i < 16; i++) {
                out[to + 16 + i] = d * (b[at + 4 + i] >> 4 & 15) + m;
            }
        }
    },
    Q5_0(TensorType.Q5_0) {
        @Override
        void decodeOne(Blocks in, int at, float[] out, int to) {
            byte[] b = in.bytes;
            float d = in.half(at);
            int high = in.word(at + 2);
            for (int i = 0; i < 16; i++) {
                out[to + i] = d * (((b[at + 6 + i] & 15) | (high >>> i & 1) << 4) - 16);
                out[to + 16 + i] = d * (((b[at + 6 + i] >> 4 & 15) | (high >>> (i + 16) & 1) << 4) - 16);
            }
        }
    },
    Q5_1(TensorType.Q5_1) {
        @Override
        void decodeOne(Blocks in, int at, float[] out, int to) {
            byte[] b = in.bytes;
            float d = in.half(at);
            float m = in.half(at + 2);
            int high = in.word(at + 4);
            for (int i = 0; i < 16; i++) {
                out[to + i] = d * ((b[at + 8 + i] & 15) | (high >>> i & 1) << 4) + m;
                out[to + 16 + i] = d * ((b[at + 8 + i] >> 4 & 15) | (high >>> (i + 16) & 1) << 4) + m;
            }
        }
    },
    Q8_0(TensorType.Q8_0) {
        @Override
        void decodeOne(Blocks in, int at, float[] out, int to) {
            byte[] b = in.bytes;
            float d = in.half(at);
            for (int i = 0; i < 32; i++) {
                out[to + i] = b[at + 2 + i] * d;
            }
        }
    },
    Q2_K(TensorType.Q2_K) {
        @Override
        void decodeOne(Blocks in, int at, float[] out, int to) {
            byte[] b = in.bytes;
            float d = in.half(at + 80);
            float min = in.half(at + 82);
            for (int group = 0; group < 16; group++) {
                float scale = d * (b[at + group] & 15);
                float least = min * (b[at + group] >> 4 & 15);
                int shift = 2 * (group % 8 / 2);
                int from = at + 16 + group / 8 * 32 + group % 2 * 16;
                for (int i = 0; i < 16; i++) {
                    out[to + group * 16 + i] = scale * (b[from + i] >> shift & 3) - least;
                }
            }
        }
    },
    Q3_K(TensorType.Q3_K) {
        @Override
        void decodeOne(Blocks in, int at, float[] out, int to) {
            byte[] b = in.bytes;
            float d = in.half(at + 108);
            for (int group = 0; group < 16; group++) {
                int low = b[at + 96 + group % 8] >> (4 * (group / 8)) & 15;
                int high = b[at + 104 + group % 4] >> (2 * (group / 4)) & 3;
                float scale = d * ((low | high << 4) - 32);
                int shift = 2 * (group % 8 / 2);
                int from = at + 32 + group / 8 * 32 + group % 2 * 16;
                int masks = at + group % 2 * 16;
                for (int i = 0; i < 16; i++) {
                    int sign = (b[masks + i] >> (group / 2) & 1) ^ 1;
                    out[to + group * 16 + i] = scale * ((b[from + i] >> shift & 3) - 4 * sign);
                }
            }
        }
    },
    Q4_K(TensorType.Q4_K) {
        @Override
        void decodeOne(Blocks in, int at, float[] out, int to) {
            byte[] b = in.bytes;
            float d = in.half(at);
            float min = in.half(at + 2);
            for (int group = 0; group < 8; group++) {
                float scale = d * scale(b, at + 4, group);
                float least = min * minimum(b, at + 4, group);
                int shift = group % 2 * 4;
                int from = at + 16 + group / 2 * 32;
                for (int i = 0; i < 32; i++) {
                    out[to + group * 32 + i] = scale * (b[from + i] >> shift & 15) - least;
                }
            }
        }
    },
    Q5_K(TensorType.Q5_K) {
        @Override
        void decodeOne(Blocks in, int at, float[] out, int to) {
            byte[] b = in.bytes;
            float d = in.half(at);
            float min = in.half(at + 2);
            for (int group = 0; group < 8; group++) {
                float scale = d * scale(b, at + 4, group);
                float least = min * minimum(b, at + 4, group);
                int shift = group % 2 * 4;
                int from = at + 48 + group / 2 * 32;
                for (int i = 0; i < 32; i++) {
                    int value = (b[from + i] >> shift & 15) | (b[at + 16 + i] >> group & 1) << 4;
                    out[to + group * 32 + i] = scale * value - least;
                }
            }
        }
    },
    Q6_K(TensorType.Q6_K) {
        @Override
        void decodeOne(Blocks in, int at, float[] out, int to) {
            byte[] b = in.bytes;
            float d = in.half(at + 208);
            for (int group = 0; group < 16; group++) {
                float scale = d * b[at + 192 + group];
                int row = group / 2;
                int part = group % 2 * 16;
                int low = at + row / 4 * 64 + row % 2 * 32 + part;
                int high = at + 128 + row / 4 * 32 + part;
                int lowShift = row % 4 / 2 * 4;
                int highShift = row % 4 * 2;
                for (int i = 0; i < 16; i++) {
                    int value = (b[low + i] >> lowShift & 15) | (b[high + i] >> highShift & 3) << 4;
                    out[to + group * 16 + i] = scale * (value - 32);
                }
            }
        }
    };

    private static final VarHandle SHORT_LITTLE =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT_BIG =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT_LITTLE =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT_BIG = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final TensorType type;

    BlockDecoder(TensorType type) {
        this.type = type;
    }

    static @Nullable BlockDecoder of(TensorType type) {
        for (BlockDecoder decoder : values()) {
            if (decoder.type == type) {
                return decoder;
            }
        }
        return null;
    }

    /** Blocks on the heap, and the byte order of the numbers in them. */
    static final class Blocks {
        final byte[] bytes;
        private final boolean isBig;

        Blocks(byte[] bytes, ByteOrder order) {
            this.bytes = bytes;
            this.isBig = order == ByteOrder.BIG_ENDIAN;
        }

        int bits(int at) {
            return (short) (isBig ? SHORT_BIG : SHORT_LITTLE).get(bytes, at);
        }

        float half(int at) {
            return Float.float16ToFloat((short) bits(at));
        }

        int word(int at) {
            return (int) (isBig ? INT_BIG : INT_LITTLE).get(bytes, at);
        }
    }

    /** One block, which begins at an index. */
    abstract void decodeOne(Blocks in, int at, float[] out, int to);

    /** Several, from the first byte on. */
    void decode(Blocks in, int count, float[] out, int to) {
        for (int i = 0; i < count; i++) {
            decodeOne(in, i * type.blockBytes(), out, to + i * type.blockElements());
        }
    }

    /** Six bits: the first four groups have theirs in a byte of their own, the others' lie in two. */
    private static int scale(byte[] b, int at, int group) {
        return group < 4 ? b[at + group] & 63 : (b[at + group + 4] & 15) | (b[at + group - 4] >> 2 & 48);
    }

    private static int minimum(byte[] b, int at, int group) {
        return group < 4 ? b[at + group + 4] & 63 : (b[at + group + 4] >> 4 & 15) | (b[at + group] >> 2 & 48);
    }
}
