#include "cicu.h"
#include <unicode/uversion.h>
#include <unicode/uchar.h>
extern "C" void cicu_version(char out[16]) {
  UVersionInfo v;
  u_getVersion(v);
  char buffer[U_MAX_VERSION_STRING_LENGTH];
  u_versionToString(v, buffer);
  int i = 0;
  for (; i < 15 && buffer[i]; i++) out[i] = buffer[i];
  out[i] = 0;
}
