#include "cdefaultmodel.h"

// C23 #embed: the file becomes read-only data of the binary, paged in only when it is used.
_Alignas(16) static const uint8_t model[] = {
#embed "default.seqmodel"
};

const uint8_t *seqtool_default_model(void) { return model; }
size_t seqtool_default_model_size(void) { return sizeof model; }
