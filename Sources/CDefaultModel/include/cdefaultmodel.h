#ifndef SEQTOOL_CDEFAULTMODEL_H
#define SEQTOOL_CDEFAULTMODEL_H
#include <stddef.h>
#include <stdint.h>
/// The bytes of the built-in surname-origin model, a `.seqmodel` file (safetensors).
const uint8_t *seqtool_default_model(void);
/// Their number.
size_t seqtool_default_model_size(void);
#endif
