using System.Security.Cryptography;
using System.Text;

namespace Broker.Actors.Security.Sources;

/// <summary>A file of rules, one a line; empty lines and those that begin with # are for people.</summary>
public sealed class AclFile : IAccessRuleSource
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _path;
    private byte[] _seen = [];

    internal AclFile(string path) => _path = path;

    /// <inheritdoc/>
    string IAccessRuleSource.Name => _path;

    /// <summary>Looks at a file before anything is started: which line is wrong and what to do; null: it is usable.</summary>
    public static string? Problem(string path)
    {
        try
        {
            Parse(path, ReadBytes(path));
            return null;
        }
        catch (AccessRulesException problem)
        {
            return problem.Message;
        }
    }

    /// <inheritdoc/>
    Task<IReadOnlyList<AccessRule>?> IAccessRuleSource.ReadAsync(CancellationToken cancellation) => Task.FromResult(Read());

    /// <exception cref="AccessRulesException">There are no rules, or a line is none.</exception>
    internal static IReadOnlyList<AccessRule> Parse(string path, byte[] content)
    {
        var rules = new List<AccessRule>();
        var lines = Text(path, content).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (!AccessRule.TryParse(line, out var rule, out var problem))
            {
                throw new AccessRulesException($"{path}, line {i + 1}: {problem}. Correct the line, or put # before it.");
            }

            rules.Add(rule!);
        }

        // As it looks to whoever reads it while it is being overwritten in place.
        return rules.Count > 0 ? rules
            : throw new AccessRulesException($"{path}: it has no rule. Write one on a line, such as \"allow all all #\", or take acl-file out.");
    }

    private IReadOnlyList<AccessRule>? Read()
    {
        var content = ReadBytes(_path);
        var hash = SHA256.HashData(content);
        if (hash.AsSpan().SequenceEqual(_seen))
        {
            return null;
        }

        var rules = Parse(_path, content);
        _seen = hash;
        return rules;
    }

    private static string Text(string path, byte[] content)
    {
        try
        {
            // Some editors mark UTF-8.
            return Utf8.GetString(content).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException problem)
        {
            throw new AccessRulesException($"{path}: it is not UTF-8. Save it as UTF-8.", problem);
        }
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AccessRulesException($"{path}: there is no such file. Make it, with a rule on each line.", problem);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new AccessRulesException($"{path}: the user {Environment.UserName} may not read it. Give it the right to.", problem);
        }
        catch (Exception problem) when (problem is IOException or ArgumentException or NotSupportedException)
        {
            throw new AccessRulesException($"{path}: it cannot be read: {problem.Message}", problem);
        }
    }
}
