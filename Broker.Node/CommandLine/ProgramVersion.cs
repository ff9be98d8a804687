using System.Reflection;

namespace Broker.Node.CommandLine;

/// <summary>The version and the commit that this program was built from.</summary>
internal static class ProgramVersion
{
    private const int ShortCommit = 12;

    // The SDK writes VERSION+COMMIT where it finds a repository.
    private static readonly string[] Parts =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', 2);

    /// <summary>For example 0.1.0.</summary>
    public static string Number => Parts[0];

    /// <summary>That it was built from; empty: not known.</summary>
    public static string Commit => Parts.Length == 1 ? "" : Parts[1];

    /// <summary>For people.</summary>
    public static string Line => Parts.Length == 1
        ? $"Akka.Mqtt {Number}"
        : $"Akka.Mqtt {Number} (commit {Parts[1][..Math.Min(ShortCommit, Parts[1].Length)]})";
}
