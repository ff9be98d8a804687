using System.Globalization;

namespace Broker.Actors.Security.Scram;

/// <summary>A verifier as text, in PostgreSQL's form: <c>SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY</c>.</summary>
internal static class ScramVerifierText
{
    private const string Form = "SCRAM-SHA-256";
    private const int MostIterations = 10_000_000;

    public static string Show(ScramVerifier verifier) => string.Create(
        CultureInfo.InvariantCulture, $"{Form}${verifier.Iterations}:{Text(verifier.Salt)}${Text(verifier.StoredKey)}:{Text(verifier.ServerKey)}");

    /// <summary>Null: it is not of the form.</summary>
    public static ScramVerifier? Parse(string text) =>
        text.Split('$') is [Form, var work, var keys]
        && work.Split(':') is [var number, var saltText]
        && keys.Split(':') is [var storedText, var serverText]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
        && iterations is > 0 and <= MostIterations
        && Bytes(saltText) is { Length: > 0 } salt
        && Bytes(storedText) is { Length: ScramVerifier.KeySize } storedKey
        && Bytes(serverText) is { Length: ScramVerifier.KeySize } serverKey
            ? new ScramVerifier(iterations, salt, storedKey, serverKey)
            : null;

    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes);

    private static byte[]? Bytes(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }
}
