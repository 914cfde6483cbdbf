using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RateLimiting;

namespace PaT.Samples.Web;

/// <summary>
/// A page to upload an image on, <c>POST /predict</c> for programs, <c>GET /health</c> for those who watch over it.
/// </summary>
internal static class WebService
{
    private const string Queue = "uploads";

    /// <summary>Puts the service together.</summary>
    /// <param name="modelPath">The saved model: <c>.pat</c>, or a model of ML.NET.</param>
    /// <param name="limits">What an upload may cost.</param>
    /// <param name="arguments">ASP.NET Core's own, such as <c>--urls</c>.</param>
    public static WebApplication Create(string modelPath, UploadLimits limits, string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(arguments);
        builder.Services.AddSingleton(_ => ServedModel.Load(modelPath));
        builder.Services.AddSingleton(_ => new SemaphoreSlim(limits.AtOnce));
        builder.Services.AddProblemDetails();
        builder.Services.AddRateLimiter(options => options
            .AddConcurrencyLimiter(Queue, queue => (queue.PermitLimit, queue.QueueLimit) = (4 * limits.AtOnce, limits.Waiting))
            .RejectionStatusCode = StatusCodes.Status503ServiceUnavailable);
        builder.Services.Configure<FormOptions>(form => form.MultipartBodyLengthLimit = limits.MostBytes + Upload.FormOverhead);
        builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = limits.MostBytes + Upload.FormOverhead);

        var app = builder.Build();
        // Loaded now: a model that cannot be served is found out before anybody uploads.
        app.Services.GetRequiredService<ServedModel>();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRateLimiter();
        app.MapGet("/", () => Results.Stream(typeof(WebService).Assembly.GetManifestResourceStream("index.html")!, "text/html; charset=utf-8"));
        app.MapGet("/health", (ServedModel model) => Results.Json(new { status = "ok", classes = model.Classes }));
        app.MapPost("/predict", (HttpRequest request, ServedModel model, SemaphoreSlim turns) => PredictAsync(request, model, turns, limits)).RequireRateLimiting(Queue);
        return app;
    }

    private static async Task<IResult> PredictAsync(HttpRequest request, ServedModel model, SemaphoreSlim turns, UploadLimits limits)
    {
        try
        {
            var image = await Upload.ReadAsync(request, limits);
            await turns.WaitAsync(request.HttpContext.RequestAborted);
            try
            {
                var scores = model.Score(image);
                var ranked = model.Classes.Zip(scores, (label, score) => new { label, score }).OrderByDescending(s => s.score).ToList();
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
