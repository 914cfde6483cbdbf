// Decoding and encoding pictures, as the managed side calls it. Pixels are 8-bit B, G, R, A without row padding, colours
// multiplied by alpha. Every function answers a status; no exception leaves the library.
#pragma once
#include <cstdint>

#define MLIMAGES_API extern "C" __attribute__((visibility("default")))

enum mlimages_status : int32_t {
    MLIMAGES_OK = 0,
    MLIMAGES_UNKNOWN_FORMAT = 1,  // not a JPEG, PNG, BMP or GIF
    MLIMAGES_CORRUPT = 2,         // one of those, but unreadable
    MLIMAGES_TOO_LARGE = 3,       // the header claims more pixels than are accepted
    MLIMAGES_NO_MEMORY = 4,
};

// Width and height, from the header alone.
MLIMAGES_API int32_t mlimages_read_header(const uint8_t* data, int64_t length, int32_t* width, int32_t* height);

// Decodes into width * height * 4 bytes, where width and height are what the header says.
// A JPEG that ends too early is decoded as far as it goes.
MLIMAGES_API int32_t mlimages_decode(const uint8_t* data, int64_t length, int32_t width, int32_t height, uint8_t* pixels);

// Encodes; quality is 1 to 100. The caller frees *encoded with mlimages_free.
MLIMAGES_API int32_t mlimages_encode_jpeg(const uint8_t* pixels, int32_t width, int32_t height, int32_t quality, uint8_t** encoded, int64_t* length);

// Encodes pixels whose colours are not multiplied by alpha, in the order R, G, B, A.
MLIMAGES_API int32_t mlimages_encode_png(const uint8_t* rgba, int32_t width, int32_t height, uint8_t** encoded, int64_t* length);

MLIMAGES_API void mlimages_free(uint8_t* encoded);
