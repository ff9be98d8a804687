using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Broker.Node.Configuration;

/// <summary>Turns text into a layer, or into an error that says where to look.</summary>
internal static class HoconSource
{
    /// <summary>Files that include each other in a circle end here.</summary>
    private const int DeepestInclude = 16;

    /// <summary>A file; what it includes is looked for beside it.</summary>
    /// <exception cref="InvalidConfigurationException">It cannot be read, or is not HOCON.</exception>
    public static ConfigurationLayer File(string path, string origin) => new(origin, new Config(ReadFile(path, origin, 0)));

    /// <summary>A single text, which includes nothing.</summary>
    /// <exception cref="InvalidConfigurationException">It is not HOCON.</exception>
    public static ConfigurationLayer Text(string hocon, string origin) =>
        new(origin, new Config(Parse(hocon, origin, _ => throw Problem($"{origin}: only files can include others."))));

    private static HoconRoot ReadFile(string path, string origin, int depth)
    {
        if (depth > DeepestInclude)
        {
            throw Problem($"{origin}: files include each other in a circle; remove one of the includes.");
        }

        string hocon;
        try
        {
            hocon = System.IO.File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Problem($"{origin}: there is no such file; check the path (the working directory is {Environment.CurrentDirectory}).");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Problem($"{origin}: the file cannot be read: {problem.Message}");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Parse(hocon, origin, name => ReadFile(Path.Combine(folder, name), $"{origin} → {name}", depth + 1));
    }

    private static HoconRoot Parse(string hocon, string origin, Func<string, HoconRoot> include)
    {
        if (HoconBrackets.FirstProblem(hocon) is { } bracket)
        {
            throw Problem($"{origin}: {bracket}");
        }

        try
        {
            // Akka's tokenizer does not see the last character of a text.
            return Parser.Parse(hocon + "\n", include);
        }
        catch (InvalidConfigurationException)
        {
            throw;
        }
        catch (Exception problem)
        {
            // The parser throws many types, plain Exception among them, and all mean the same.
            throw Problem($"{origin}: not valid HOCON: {problem.Message.ReplaceLineEndings(" ").Trim()}");
        }
    }

    private static InvalidConfigurationException Problem(string problem) => new([problem]);
}
