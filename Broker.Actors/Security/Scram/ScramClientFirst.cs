namespace Broker.Actors.Security.Scram;

/// <summary>client-first-message (RFC 5802, section 7), such as <c>n,,n=user,r=nonce</c>.</summary>
/// <param name="Header">Up to and with the second comma (gs2-header).</param>
/// <param name="AuthorizationId">Whom the client wants to act for; null: itself.</param>
/// <param name="UserName">Unescaped, not prepared.</param>
/// <param name="Nonce">The client's.</param>
/// <param name="Bare">What is behind the header.</param>
internal sealed record ScramClientFirst(string Header, string? AuthorizationId, string UserName, string Nonce, string Bare)
{
    /// <summary>Answers (true, the message, null) or (false, null, what is wrong).</summary>
    public static bool TryParse(string text, out ScramClientFirst? message, out string? problem)
    {
        message = null;
        problem = null;
        var parts = text.Split(',');
        if (parts[0].StartsWith("p=", StringComparison.Ordinal))
        {
            problem = "SCRAM: channel binding is not supported";
        }
        else if (parts.Length < 4 || parts[0] is not ("n" or "y"))
        {
            problem = "SCRAM: not a client-first-message";
        }
        else if (!TryAuthorizationId(parts[1], out var authorizationId))
        {
            problem = "SCRAM: a= is not a name";
        }
        else if (parts[2].StartsWith("m=", StringComparison.Ordinal))
        {
            problem = "SCRAM: a mandatory extension (m=) is not supported";
        }
        else if (!parts[2].StartsWith("n=", StringComparison.Ordinal) || !TryUnescape(parts[2][2..], out var userName))
        {
            problem = "SCRAM: n= is not a name";
        }
        else if (!parts[3].StartsWith("r=", StringComparison.Ordinal) || !IsNonce(parts[3].AsSpan(2)))
        {
            problem = "SCRAM: r= is not a nonce";
        }
        else
        {
            var header = $"{parts[0]},{parts[1]},";
            message = new ScramClientFirst(header, authorizationId, userName, parts[3][2..], text[header.Length..]);
        }

        return message is not null;
    }

    /// <summary>Printable ASCII, at least one.</summary>
    internal static bool IsNonce(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('!', '~');

    private static bool TryAuthorizationId(string text, out string? name)
    {
        name = null;
        return text.Length == 0 || (text.StartsWith("a=", StringComparison.Ordinal) && TryUnescape(text[2..], out name!));
    }

    /// <summary>A comma is =2C and an equals sign =3D; neither stands for itself, and there is no U+0000.</summary>
    private static bool TryUnescape(string text, out string name)
    {
        name = text.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        var escapes = text.Count(c => c == '=');
        return text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) && text.Length - name.Length == 2 * escapes;
    }
}
