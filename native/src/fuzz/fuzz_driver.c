/* fuzz_driver.c - random inputs for fuzz_calls.c where there is no libFuzzer: fuzz_driver SECONDS
   SEED. Prints the seed; the same one gives the same inputs. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LONGEST 400

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static uint64_t state;

static uint64_t next(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

int main(int count, char **arguments) {
    long seconds = count > 1 ? strtol(arguments[1], NULL, 10) : 10;
    state = count > 2 ? strtoull(arguments[2], NULL, 10) | 1 : (uint64_t)time(NULL) | 1;
    printf("fuzz_driver: seed %llu\n", (unsigned long long)state);
    fflush(stdout);
    unsigned char input[LONGEST];
    long long inputs = 0;
    for (time_t end = time(NULL) + seconds; time(NULL) < end; inputs++) {
        size_t size = next() % LONGEST;
        for (size_t i = 0; i < size; i++) {
            input[i] = (unsigned char)(next() >> 32);
        }
        LLVMFuzzerTestOneInput(input, size);
    }
    printf("fuzz_driver: %lld inputs in %ld seconds, no failure\n", inputs, seconds);
    return 0;
}
