/**
 * Files of many named arrays, mapped: the weights of models and the like.
 *
 * {@snippet :
 * try (TensorFile model = TensorFile.open(path)) {                     // safetensors, an index, GGUF, .npz: by content
 *     ArrayView weights = model.tensor("wte.weight");                  // zero-copy, whatever its offset
 *     Outcome told = weights.advise(Hint.WILLNEED);                    // per tensor, with the outcome
 *     BlockView blocks = model.blocks("blk.0.attn_q.weight");          // quantised: rows of blocks
 *     blocks.read(0, row, 0, row.length);                              // dequantised into a float[]
 *     String architecture = model.metadata("general.architecture");
 * }
 * }
 *
 * <table class="striped">
 * <caption>Formats</caption>
 * <thead><tr><th>format</th><th>told by</th><th>read</th><th>written</th></tr></thead>
 * <tbody>
 * <tr><td>safetensors</td><td>a length that fits and the header's first character</td><td>every type</td>
 *     <td>{@link dev.quire.tensors.SafetensorsWriter}, byte for byte as the reference</td></tr>
 * <tr><td>{@code model.safetensors.index.json}</td><td>a JSON object</td><td>the files beside it</td><td>-</td></tr>
 * <tr><td>GGUF 2 and 3</td><td>{@code GGUF}</td><td>both byte orders, all types up to ggml's 42 as blocks; floats of
 *     {@code F32 F16 BF16 Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q2_K Q3_K Q4_K Q5_K Q6_K}</td><td>-</td></tr>
 * <tr><td>{@code .npz}</td><td>a zip archive</td><td>stored members with numbers</td><td>-</td></tr>
 * </tbody>
 * </table>
 *
 * <p><b>What a file is trusted with.</b> Nothing: every length, count, offset and name of a header is checked against
 * the file before it is used, as strictly as the reference reader does or more so. What does not hold together is a
 * {@link dev.quire.tensors.TensorFileException} that names the file. Opening takes time in proportion to the header's
 * length, and at most 64 KiB and eight times that length of heap.
 *
 * <p><b>Limits</b> beyond the reference's: 64 axes and 65,536 characters of a name in safetensors; arrays of GGUF's
 * metadata nest up to 32 deep, its keys are ASCII, its tensors' names UTF-8 without NUL; the files of an index lie
 * beside it.
 *
 * <p><b>What goes wrong.</b> What a file says wrongly is a {@link dev.quire.tensors.TensorFileException}, of an archive
 * a {@link dev.quire.array.ArrayFileException}; what the system refuses is a
 * {@link dev.quire.error.MappingException}. All are {@link java.io.IOException}s. A file that is truncated while it is
 * mapped is a {@link dev.quire.error.MemoryFaultException} from every operation on many elements.
 */
@NullMarked
package dev.quire.tensors;

import org.jspecify.annotations.NullMarked;
