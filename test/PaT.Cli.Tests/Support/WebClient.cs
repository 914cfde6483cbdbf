using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using PaT.Samples.Web;

namespace PaT.Cli.Tests;

/// <summary>The web service on a free port of loopback, and a client of it.</summary>
internal sealed class WebClient : IAsyncDisposable
{
    private readonly WebApplication _service;
    private readonly HttpClient _client;

    private WebClient(WebApplication service)
    {
        _service = service;
        Address = new Uri(service.Urls.Single());
        _client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };
    }

    public Uri Address { get; }

    public static async Task<WebClient> StartAsync(string model, UploadLimits limits)
    {
        var service =
            WebService.Create(model, limits, ["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning"]);
        await service.StartAsync();
        return new WebClient(service);
    }

    public Task<(int Status, string? Type, JsonElement Body)> GetAsync(string path) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Sends an image as the body.</summary>
    public Task<(int Status, string? Type, JsonElement Body)> PostAsync(byte[] image) =>
        PostAsync(new ByteArrayContent(image));

    /// <summary>Sends images as a browser's form does.</summary>
    public Task<(int Status, string? Type, JsonElement Body)> PostFormAsync(params byte[][] images)
    {
        var form = new MultipartFormDataContent();
        foreach (var image in images)
        {
            var part = new ByteArrayContent(image);
            part.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            form.Add(part, "image", "image.png");
        }

        return PostAsync(form);
    }

    public Task<(int Status, string? Type, JsonElement Body)> PostAsync(HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "predict") { Content = content };
        // A refusal may come before the body went out.
        request.Headers.ExpectContinue = content.Headers.ContentLength > 100_000;
        return SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    private async Task<(int Status, string? Type, JsonElement Body)> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            var type = response.Content.Headers.ContentType?.MediaType;
            return (
                (int)response.StatusCode,
                type,
                type is not null && type.EndsWith("json", StringComparison.Ordinal)
                    ? JsonDocument.Parse(text).RootElement
                    : default);
        }
    }
}
