/**
 * Files of many named arrays, mapped: safetensors, GGUF and NumPy's archives.
 *
 * <p>Start with {@link dev.quire.tensors.TensorFile}.
 */
module dev.quire.tensors {
    requires transitive dev.quire;
    requires tools.jackson.core;
    requires static org.jspecify;

    exports dev.quire.tensors;
}
