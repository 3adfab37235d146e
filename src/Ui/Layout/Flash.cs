using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Squero.Ui;

/// <summary>A sentence left for the next page that the same reader opens, as after saving a form.</summary>
public static class Flash
{
    private const string CookieName = "squero-flash";
    private const int LengthMax = 400;

    /// <summary>Texts over 400 characters are cut.</summary>
    public static void Leave(HttpContext http, string text, Tone tone = Tone.Ok)
    {
        var cut = text.Length > LengthMax ? text[..LengthMax] : text;
        var value = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes($"{tone.Name()} {cut}"));
        http.Response.Cookies.Append(CookieName, value, new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = TimeSpan.FromMinutes(2),
            Path = "/",
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
        });
    }

    internal static (Tone Tone, string Text)? Take(HttpContext http)
    {
        if (!http.Request.Cookies.TryGetValue(CookieName, out var value) || http.Response.HasStarted)
            return null;
        http.Response.Cookies.Delete(CookieName, new CookieOptions { Path = "/" });
        return Read(value);
    }

    internal static (Tone Tone, string Text)? Read(string value)
    {
        try
        {
            var text = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(value));
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            if (space < 1 || text.Length > LengthMax + 10)
                return null;
            foreach (var tone in Enum.GetValues<Tone>())
                if (text.AsSpan(0, space).SequenceEqual(tone.Name()))
                    return (tone, text[(space + 1)..]);
            return null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
