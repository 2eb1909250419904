#ifndef SEQTOOL_CICU_H
#define SEQTOOL_CICU_H
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
/// ICU's version, for example "72.1" (written to `out`, at most 16 bytes with the NUL).
void cicu_version(char out[16]);
#ifdef __cplusplus
}
#endif
#endif
