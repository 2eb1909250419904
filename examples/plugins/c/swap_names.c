// `Doe, Jane` becomes `Jane Doe`; other records stay as they are. The option `joiner` is a text to
// put between the two, as in {"joiner":"_"}.
//
//     cc -shared -fPIC -O2 -I Sources/CSeqtoolPlugin/include swap_names.c -o swap_names.so
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seqtool_plugin.h"

struct state {
  char joiner[16];
};

static int create(const char *options, void **result, char *error, size_t error_size) {
  struct state *state = calloc(1, sizeof *state);
  if (state == NULL) {
    snprintf(error, error_size, "no memory");
    return 1;
  }
  strcpy(state->joiner, " ");
  // Enough for an example; a plugin with more options has a JSON reader.
  if (strcmp(options, "{}") != 0 && sscanf(options, "{\"joiner\":\"%15[^\"]\"}", state->joiner) != 1) {
    snprintf(error, error_size, "the only option is joiner, a text: %s", options);
    free(state);
    return 1;
  }
  *result = state;
  return 0;
}

static void trim(const uint8_t **start, const uint8_t **end) {
  while (*start < *end && **start == ' ') ++*start;
  while (*start < *end && (*end)[-1] == ' ') --*end;
}

static int process(
    void *context, const struct seqtool_records *records, const struct seqtool_sink *sink,
    char *error, size_t error_size) {
  struct state *state = context;
  size_t joiner = strlen(state->joiner);
  uint32_t begin = 0;
  for (size_t i = 0; i < records->count; begin = records->ends[i++]) {
    const uint8_t *start = records->bytes + begin, *end = records->bytes + records->ends[i];
    const uint8_t *comma = end > start ? memchr(start, ',', end - start) : NULL;
    if (comma == NULL) {
      if (sink->append(sink->context, start, end - start) != 0) return 1;
      continue;
    }
    const uint8_t *family = start, *family_end = comma, *given = comma + 1, *given_end = end;
    trim(&family, &family_end);
    trim(&given, &given_end);
    size_t length = (given_end - given) + joiner + (family_end - family);
    uint8_t *swapped = malloc(length + 1);
    if (swapped == NULL) {
      snprintf(error, error_size, "no memory");
      return 1;
    }
    uint8_t *next = swapped;
    memcpy(next, given, given_end - given);
    next += given_end - given;
    memcpy(next, state->joiner, joiner);
    next += joiner;
    memcpy(next, family, family_end - family);
    int stops = sink->append(sink->context, swapped, length);
    free(swapped);
    if (stops) return 1;
  }
  return 0;
}

static const struct seqtool_plugin_table_v1 table = {
    .version = SEQTOOL_PLUGIN_VERSION,
    .id = "swap_names@1",
    .summary = "Puts a given name before its family name",
    .create = create,
    .process = process,
    .destroy = free,
};

const struct seqtool_plugin_table_v1 *seqtool_plugin_v1(void) { return &table; }
