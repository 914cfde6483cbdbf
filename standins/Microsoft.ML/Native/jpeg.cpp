#include "formats.h"

#include <turbojpeg.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

namespace {

struct Destroy {
    void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, Destroy>;

// Inks as Adobe writes them, 255 = none: a colour is what cyan, magenta or yellow leave of what black leaves.
void inks_to_bgra(const std::vector<uint8_t>& inks, uint8_t* pixels) {
    for (size_t i = 0; i < inks.size(); i += 4) {
        const int key = inks[i + 3];
        for (int c = 0; c < 3; c++) pixels[i + 2 - c] = static_cast<uint8_t>((inks[i + c] * key + 127) / 255);
        pixels[i + 3] = 255;
    }
}

// A warning means that something was missing or odd and the decoder carried on; what there is, is there.
bool failed(int result, tjhandle handle) {
    return result != 0 && tjGetErrorCode(handle) != TJERR_WARNING;
}

}  // namespace

bool jpeg_is(const uint8_t* data, int64_t length) {
    return length >= 3 && data[0] == 0xFF && data[1] == 0xD8 && data[2] == 0xFF;
}

int32_t jpeg_header(const uint8_t* data, int64_t length, int32_t* width, int32_t* height) {
    Handle handle(tjInitDecompress());
    if (!handle) return MLIMAGES_NO_MEMORY;
    int subsampling = 0, colours = 0;
    int result = tjDecompressHeader3(handle.get(), data, static_cast<unsigned long>(length), width, height, &subsampling, &colours);
    return failed(result, handle.get()) ? MLIMAGES_CORRUPT : MLIMAGES_OK;
}

int32_t jpeg_decode(const uint8_t* data, int64_t length, int32_t width, int32_t height, uint8_t* pixels) {
    Handle handle(tjInitDecompress());
    if (!handle) return MLIMAGES_NO_MEMORY;
    const auto size = static_cast<unsigned long>(length);
    int w = 0, h = 0, subsampling = 0, colours = 0;
    if (failed(tjDecompressHeader3(handle.get(), data, size, &w, &h, &subsampling, &colours), handle.get())) return MLIMAGES_CORRUPT;
    if (colours == TJCS_CMYK || colours == TJCS_YCCK) {
        std::vector<uint8_t> inks(static_cast<size_t>(width) * height * 4);
        if (failed(tjDecompress2(handle.get(), data, size, inks.data(), width, 0, height, TJPF_CMYK, TJFLAG_ACCURATEDCT), handle.get())) return MLIMAGES_CORRUPT;
        inks_to_bgra(inks, pixels);
        return MLIMAGES_OK;
    }
    return failed(tjDecompress2(handle.get(), data, size, pixels, width, 0, height, TJPF_BGRA, TJFLAG_ACCURATEDCT), handle.get()) ? MLIMAGES_CORRUPT : MLIMAGES_OK;
}

int32_t mlimages_encode_jpeg(const uint8_t* pixels, int32_t width, int32_t height, int32_t quality, uint8_t** encoded, int64_t* length) {
    Handle handle(tjInitCompress());
    if (!handle) return MLIMAGES_NO_MEMORY;
    unsigned char* buffer = nullptr;
    unsigned long size = 0;
    int result = tjCompress2(handle.get(), pixels, width, 0, height, TJPF_BGRX, &buffer, &size, TJSAMP_420, quality, TJFLAG_ACCURATEDCT);
    if (result != 0) {
        tjFree(buffer);
        return MLIMAGES_CORRUPT;
    }
    // Our callers free with the C library, TurboJPEG with its own.
    *encoded = static_cast<uint8_t*>(std::malloc(size));
    if (*encoded != nullptr) std::memcpy(*encoded, buffer, size);
    tjFree(buffer);
    *length = static_cast<int64_t>(size);
    return *encoded != nullptr ? MLIMAGES_OK : MLIMAGES_NO_MEMORY;
}
