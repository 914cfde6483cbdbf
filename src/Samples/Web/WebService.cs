using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RateLimiting;

namespace PaT.Samples.Web;

/// <summary>
/// A page to upload an image, <c>POST /predict</c> for programs, and <c>GET /health</c> for monitors.
/// </summary>
internal static class WebService
{
    private const string Queue = "uploads", Page = "index.html";

    /// <summary>Builds the service.</summary>
    /// <param name="modelPath">The saved model: <c>.pat</c>, or a model of ML.NET.</param>
    public static WebApplication Create(string modelPath, UploadLimits limits, string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(arguments);
        var mostBytes = limits.MostBytes + Upload.FormOverhead;
        builder.Services.AddSingleton(_ => ServedModel.Load(modelPath));
        builder.Services.AddSingleton(_ => new SemaphoreSlim(limits.AtOnce));
        builder.Services.AddProblemDetails();
        builder.Services.AddRateLimiter(options => options.AddConcurrencyLimiter(
                Queue, queue => (queue.PermitLimit, queue.QueueLimit) = (4 * limits.AtOnce, limits.Waiting))
            .RejectionStatusCode = StatusCodes.Status503ServiceUnavailable);
        builder.Services.Configure<FormOptions>(form => form.MultipartBodyLengthLimit = mostBytes);
        builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = mostBytes);

        var app = builder.Build();
        // Loaded here, so that an invalid model is an error at the start and not at the first upload.
        app.Services.GetRequiredService<ServedModel>();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRateLimiter();
        app.MapGet("/", () => Results.Stream(
            typeof(WebService).Assembly.GetManifestResourceStream(Page)!, "text/html; charset=utf-8"));
        app.MapGet("/health", (ServedModel model) => Results.Json(new { status = "ok", classes = model.Classes }));
        app.MapPost("/predict", (HttpRequest request, ServedModel model, SemaphoreSlim turns) =>
            PredictAsync(request, model, turns, limits)).RequireRateLimiting(Queue);
        return app;
    }

    private static async Task<IResult> PredictAsync(
        HttpRequest request, ServedModel model, SemaphoreSlim turns, UploadLimits limits)
    {
        try
        {
            var image = await Upload.ReadAsync(request, limits);
            await turns.WaitAsync(request.HttpContext.RequestAborted);
            try
            {
                var scores = model.Classes.Zip(model.Score(image), (label, score) => new { label, score });
                var ranked = scores.OrderByDescending(s => s.score).ToList();
                return Results.Json(new { ranked[0].label, ranked[0].score, scores = ranked });
            }
            finally
            {
                turns.Release();
            }
        }
        catch (RefusedUploadException e)
        {
            return Results.Problem(e.Message, statusCode: e.Status);
        }
        catch (InvalidImageDataException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }
}
