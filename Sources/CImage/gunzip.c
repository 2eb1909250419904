#include <stdlib.h>
#include <zlib.h>

#include "cimage.h"

struct seq_gunzip {
  z_stream stream;
  const uint8_t *next;
  size_t left;
  /// Between two members, or behind the last one.
  bool is_between;
};

/// Asks zlib for gzip's frame, which has a checksum and a length, and for the largest window.
enum { GZIP_WINDOW = 16 + MAX_WBITS };

struct seq_gunzip *seq_gunzip_open(const uint8_t *bytes, size_t count) {
  struct seq_gunzip *self = calloc(1, sizeof *self);
  if (!self) return NULL;
  if (inflateInit2(&self->stream, GZIP_WINDOW) != Z_OK) {
    free(self);
    return NULL;
  }
  self->next = bytes;
  self->left = count;
  return self;
}

ptrdiff_t seq_gunzip_read(struct seq_gunzip *self, uint8_t *out, size_t room) {
  z_stream *z = &self->stream;
  const uInt size = room < (1u << 30) ? (uInt)room : 1u << 30;
  z->next_out = out;
  z->avail_out = size;
  while (z->avail_out == size) {
    if (self->is_between) {
      if (self->left == 0) return 0;
      // A file may be several members, one after the other.
      if (inflateReset(z) != Z_OK) return -1;
      self->is_between = false;
    }
    if (self->left == 0) return -1;
    const uInt step = self->left < (1u << 30) ? (uInt)self->left : 1u << 30;
    z->next_in = (Bytef *)(uintptr_t)self->next;
    z->avail_in = step;
    const int result = inflate(z, Z_NO_FLUSH);
    const uInt taken = step - z->avail_in;
    self->next += taken;
    self->left -= taken;
    if (result == Z_STREAM_END) {
      self->is_between = true;
    } else if (result != Z_OK) {
      return -1;
    }
  }
  return (ptrdiff_t)(size - z->avail_out);
}

void seq_gunzip_close(struct seq_gunzip *self) {
  inflateEnd(&self->stream);
  free(self);
}
