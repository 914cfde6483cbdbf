// What the two decoders offer to images.cpp.
#pragma once
#include "api.h"

// More than this many pixels are refused before anything is allocated: a few bytes of header can claim billions.
constexpr int64_t kMaxPixels = int64_t{1} << 27;

bool jpeg_is(const uint8_t* data, int64_t length);
int32_t jpeg_header(const uint8_t* data, int64_t length, int32_t* width, int32_t* height);
int32_t jpeg_decode(const uint8_t* data, int64_t length, int32_t width, int32_t height, uint8_t* pixels);

bool stb_is(const uint8_t* data, int64_t length);
int32_t stb_header(const uint8_t* data, int64_t length, int32_t* width, int32_t* height);
int32_t stb_decode(const uint8_t* data, int64_t length, int32_t width, int32_t height, uint8_t* pixels);
