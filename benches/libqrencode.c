/* Encodes one link many times with libqrencode, for counting instructions: `libqrencode TIMES [DIGITS]`, as
 * examples/encode_many.rs does with others. The README beside this file has the commands. */
#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "say how many times\n");
        return 2;
    }
    int times = atoi(argv[1]);
    int digits = argc > 2 ? atoi(argv[2]) : 400;
    static const char host[] = "https://QR.EXAMPLE.COM/";
    size_t start = strlen(host);
    char *link = calloc(start + (size_t)digits + 1, 1);
    if (link == NULL)
        return 1;
    memcpy(link, host, start);
    for (int index = 0; index < digits; index++)
        link[start + (size_t)index] = "3141592653589793238462643383279502884197"[index * 7 % 40];
    int version = 0;
    for (int time = 0; time < times; time++) {
        /* Version 0: the smallest that fits. QR_MODE_8 is what its optimiser may divide further. */
        QRcode *symbol = QRcode_encodeString(link, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
        if (symbol == NULL) {
            perror("QRcode_encodeString");
            return 1;
        }
        version = symbol->version;
        QRcode_free(symbol);
    }
    printf("version %d\n", version);
    free(link);
    return 0;
}
