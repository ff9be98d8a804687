using System.Text;
using Broker.Actors.Security.Sasl;

namespace Broker.Actors.Security.Users;

/// <summary>A password as a client sends it.</summary>
internal static class SentPassword
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>By SASLprep. Null: none was sent, or none that can be a password.</summary>
    public static string? Prepare(ReadOnlyMemory<byte>? password)
    {
        try
        {
            return password is { } bytes && SaslPrep.TryPrepare(Utf8.GetString(bytes.Span), isStored: false, out var prepared, out _) ? prepared : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
