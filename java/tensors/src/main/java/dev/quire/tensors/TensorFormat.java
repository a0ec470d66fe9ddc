package dev.quire.tensors;

/** The formats that {@link TensorFile#open} tells by the content of a file. */
public enum TensorFormat {
    /** One file of Hugging Face's {@code safetensors}. */
    SAFETENSORS,
    /** A {@code model.safetensors.index.json}, with the files beside it that it names. */
    SAFETENSORS_INDEX,
    /** A file of ggml's {@code GGUF}, version 2 or 3, in either byte order. */
    GGUF,
    /** An archive of NumPy arrays. */
    NPZ
}
