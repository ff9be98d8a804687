using System.Security.Cryptography;
using System.Text;

namespace Broker.Actors.Security.Users;

/// <summary>A password file, read once: lines that begin with # and empty ones are for people, each other one is a <see cref="UserRecord"/>.</summary>
internal sealed class UserFile
{
    /// <summary>In a file that is made, so that one without users is not an empty one.</summary>
    public const string Header = "# Users of Akka.Mqtt. Change it with: Broker.Node passwd FILE USER";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private UserFile(IReadOnlyList<string> lines, IReadOnlyDictionary<string, UserRecord> users, UserRecord? first, string fingerprint)
    {
        Lines = lines;
        Users = users;
        First = first;
        Fingerprint = fingerprint;
    }

    /// <summary>Without their ends.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, UserRecord> Users { get; }

    /// <summary>Of the first line that has one.</summary>
    public UserRecord? First { get; }

    /// <summary>Equal for equal content.</summary>
    public string Fingerprint { get; }

    /// <exception cref="UserFileException">It cannot be read, or a line is not a user.</exception>
    public static UserFile Read(string path) => Parse(path, ReadBytes(path));

    /// <summary>Of the content alone.</summary>
    /// <exception cref="UserFileException">It cannot be read.</exception>
    public static string FingerprintOf(string path) => Hash(ReadBytes(path));

    /// <exception cref="UserFileException">A line is not a user.</exception>
    internal static UserFile Parse(string path, byte[] content)
    {
        string text;
        try
        {
            text = Utf8.GetString(content);
        }
        catch (DecoderFallbackException problem)
        {
            throw new UserFileException($"{path}: it is not UTF-8, so it is no password file. Make one with: Broker.Node passwd FILE USER", problem);
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            // As it looks to whoever reads it while it is being overwritten in place.
            throw new UserFileException($"{path}: it is empty. Delete it, and add a user with: Broker.Node passwd {path} USER");
        }

        var lines = text.TrimEnd().Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
        var users = new Dictionary<string, UserRecord>(StringComparer.Ordinal);
        UserRecord? first = null;
        for (var i = 0; i < lines.Length; i++)
        {
            if (!HasUser(lines[i]))
            {
                continue;
            }

            if (!UserRecord.TryParse(lines[i], out var user, out var problem))
            {
                throw new UserFileException($"{path}, line {i + 1}: {problem}. Delete the line and add the user again with: Broker.Node passwd {path} USER");
            }

            if (!users.TryAdd(user!.Name, user))
            {
                throw new UserFileException($"{path}, line {i + 1}: the user \"{user.Name}\" is there already. Delete one of the two lines.");
            }

            first ??= user;
        }

        return new UserFile(lines, users, first, Hash(content));
    }

    /// <summary>Whether the line is not one for people.</summary>
    public static bool HasUser(string line) => line.Length > 0 && line[0] != '#';

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserFileException($"{path}: there is no such file. Make it with: Broker.Node passwd {path} USER", problem);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new UserFileException($"{path}: the user {Environment.UserName} may not read it. Give it the right to.", problem);
        }
        catch (Exception problem) when (problem is IOException or ArgumentException or NotSupportedException)
        {
            throw new UserFileException($"{path}: it cannot be read: {problem.Message}", problem);
        }
    }

    private static string Hash(byte[] content) => Convert.ToHexString(SHA256.HashData(content));
}
