using System.Text.RegularExpressions;

namespace Broker.Node.Configuration;

/// <summary>Keeps passwords off the screen.</summary>
internal static partial class Secrets
{
    private const string Mask = "******";

    /// <summary>The value as HOCON, with what is secret in it masked.</summary>
    public static string Show(Setting setting)
    {
        var shown = HoconText.Show(setting.Value);
        if (SecretKey().IsMatch(setting.Path[^1]))
        {
            return shown == HoconText.Quote("") ? shown : HoconText.Quote(Mask);
        }

        return setting.Value.IsArray() ? InConnectionString().Replace(shown, "${name}" + Mask)
            : HoconText.Show(InConnectionString().Replace(HoconText.Plain(setting.Value), "${name}" + Mask));
    }

    [GeneratedRegex("(password|passphrase|secret|access-key|token)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretKey();

    // As in Host=db;Password='a;b';Pwd=c and postgresql://user:password@host.
    [GeneratedRegex("""(?<name>(password|pwd|accountkey|accesskey)\s*=\s*)('[^']*'|"[^"]*"|[^;,\]]+)|(?<name>://[^/:@\s]*:)[^@\s]+(?=@)""", RegexOptions.IgnoreCase)]
    private static partial Regex InConnectionString();
}
