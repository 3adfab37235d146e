using System.Data.Common;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Squero.Kernel;
using Squero.Projects;
using Squero.Ui;

namespace Squero.Server;

/// <summary>
/// The one place where failures become answers: a refusal in the dialect of its route, anything unexpected as a plain 500
/// that is logged once, and addresses that match nothing as 404.
/// </summary>
internal sealed partial class RefusalAnswers(RequestDelegate next, ILogger<RefusalAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var asked = context.Request.Path + context.Request.QueryString;
        try
        {
            await next(context);
            if (context.Response.StatusCode is 404 or 405 or 415 && context.GetEndpoint() is not RouteEndpoint && !context.Response.HasStarted)
            {
                await WriteAsync(context, (RefusalKind)context.Response.StatusCode, $"{context.Response.StatusCode} {ReasonPhrases.GetReasonPhrase(context.Response.StatusCode)}", asked);
            }
        }
        catch (Refusal refusal) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, refusal.Kind, refusal.Sentence, asked);
        }
        catch (MissingParameter missing) when (!context.Response.HasStarted)
        {
            if (IsForPrograms(asked))
            {
                context.Response.StatusCode = 400;
                await context.Response.WriteAsJsonAsync(new { error = missing.Message });
            }
            else
            {
                await WriteAsync(context, RefusalKind.Invalid, missing.Message, asked);
            }
        }
        catch (InvalidDataException form) when (!context.Response.HasStarted && context.Request.HasFormContentType)
        {
            await WriteAsync(context, RefusalKind.Invalid, $"The form cannot be read: {form.Message}", asked);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, bad.StatusCode == 413 ? RefusalKind.TooLarge : RefusalKind.Invalid, bad.Message, asked);
        }
        catch (DbException failure) when (!context.Response.HasStarted && SqlFailure.IsNul(failure))
        {
            await WriteAsync(context, RefusalKind.Invalid, "A text holds a NUL character, which cannot be kept.", asked);
        }
        catch (DbException failure) when (!context.Response.HasStarted && SqlFailure.IsLost(failure))
        {
            LogLost(failure, context.Request.Method, context.Request.Path);
            await WriteAsync(context, RefusalKind.Unavailable, "The database does not answer at the moment. Try again in a little while.", asked);
        }
        catch (Exception fault) when (!context.Response.HasStarted && StorageFault.SentenceOf(fault) is not null)
        {
            LogNotStored(fault, context.Request.Method, context.Request.Path);
            await WriteAsync(context, RefusalKind.NotStored, StorageFault.SentenceOf(fault)!, asked);
        }
        catch (Exception left) when (left is ConnectionResetException || left is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; nobody is left to answer.
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            // Without the question: runners may put their token there.
            LogFailed(error, context.Request.Method, context.Request.Path);
            await WriteAsync(context, (RefusalKind)500, "500 Internal Server Error: this is a fault of the server. It has been logged.", asked);
        }
    }

    private static async Task WriteAsync(HttpContext context, RefusalKind kind, string sentence, string asked)
    {
        var dialect = context.GetEndpoint()?.Metadata.GetMetadata<RefusalDialect>();
        var headers = context.Response.Headers.Where(header => header.Key is "Content-Security-Policy" or "X-Content-Type-Options" or "Referrer-Policy" or "Cross-Origin-Opener-Policy").ToList();
        context.Response.Clear();
        foreach (var header in headers)
        {
            context.Response.Headers[header.Key] = header.Value;
        }

        context.Response.StatusCode = (int)kind;
        if (dialect is not null)
        {
            await dialect.WriteAsync(context, kind, sentence);
        }
        else if (IsForPrograms(asked))
        {
            await context.Response.WriteAsJsonAsync(new { message = sentence });
        }
        else if (FormAnswers.IsInPlace(context.Request))
        {
            await context.Response.WriteAsJsonAsync(new { sentence = SentenceForForm(kind, sentence) });
        }
        else if (kind == RefusalKind.Unauthenticated && HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Redirect($"/-/sign-in?return={Uri.EscapeDataString(asked)}");
        }
        else if (!context.Request.Host.HasValue)
        {
            // A page needs an address of its own.
            await context.Response.WriteAsync(sentence);
        }
        else
        {
            await WritePageAsync(context, kind, sentence);
        }
    }

    private static bool IsForPrograms(string asked) =>
        asked.StartsWith("/api/", StringComparison.OrdinalIgnoreCase) || asked.StartsWith("/serve/", StringComparison.OrdinalIgnoreCase);

    private static async Task WritePageAsync(HttpContext context, RefusalKind kind, string sentence)
    {
        var title = kind switch
        {
            RefusalKind.NotFound => "There is nothing here",
            RefusalKind.Forbidden => "This is not open to you",
            RefusalKind.TooLarge => "That is too large",
            RefusalKind.Unauthenticated => "Please sign in",
            (RefusalKind)500 => "Something broke on our side",
            RefusalKind.Unavailable => "Not at the moment",
            RefusalKind.NotStored => "It could not be stored",
            _ => "That did not work",
        };

        // The page that refused has used up the services of this request: a renderer starts once.
        await using var scope = context.RequestServices.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        var page = new RazorComponentResult<ErrorPage>(new Dictionary<string, object?>
        {
            ["Status"] = (int)kind,
            ["Title"] = title,
            ["Sentence"] = SentenceFor(kind, sentence),
            ["Next"] = NextFor(kind),
            ["Back"] = FormOf(context, kind),
        })
        {
            StatusCode = (int)kind,
        };
        await page.ExecuteAsync(context);
    }

    /// <summary>The page of this server whose form was refused for what it says; null when it was not a form.</summary>
    private static string? FormOf(HttpContext context, RefusalKind kind) =>
        HttpMethods.IsPost(context.Request.Method)
        && kind is RefusalKind.Invalid or RefusalKind.Conflict or RefusalKind.TooLarge
        && Uri.TryCreate(context.Request.Headers.Referer.ToString(), UriKind.Absolute, out var from)
        && from.Scheme is "http" or "https"
        && context.RequestServices.GetRequiredService<ServerAddress>().IsOwnOrigin(from.GetLeftPart(UriPartial.Authority), context.Request.Host.Value)
            ? from.PathAndQuery
            : null;

    /// <summary>People read what scripts match: answers such as "404 Project Not Found" are told in words.</summary>
    private static string SentenceFor(RefusalKind kind, string sentence) =>
        sentence.StartsWith("404 ", StringComparison.Ordinal) ? "No page has this address, or it is not open to you."
        : kind == (RefusalKind)500 ? "This is a fault of the server. It has been logged."
        : sentence;

    /// <summary>The form is still there, with all that was typed: what would be on a page of its own is told beside it.</summary>
    private static string SentenceForForm(RefusalKind kind, string sentence) =>
        kind == RefusalKind.Unauthenticated
            ? "You are not signed in any more. Sign in in another tab, then send this again: what you typed is still here."
            : NextFor(kind) is { } next && kind != RefusalKind.NotFound ? $"{SentenceFor(kind, sentence)} What to do: {next}" : SentenceFor(kind, sentence);

    private static string? NextFor(RefusalKind kind) =>
        kind switch
        {
            RefusalKind.NotFound => "check the address, or look from the start page for what you seek.",
            RefusalKind.Forbidden => "ask a maintainer of the project for a role that may do this.",
            _ => null,
        };

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed: the database does not answer")]
    private partial void LogLost(Exception error, string method, string path);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed: it could not be stored")]
    private partial void LogNotStored(Exception error, string method, string path);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogFailed(Exception error, string method, string path);
}
