using System.Globalization;
using Akka.Configuration.Hocon;

namespace Broker.Node.Configuration;

/// <summary>
/// Reads one block into typed values. A wrong value is noted, not thrown, so that all of them are told at once; the default
/// stands in for it meanwhile.
/// </summary>
/// <param name="configuration">All of it.</param>
/// <param name="findings">What is wrong, and which keys exist.</param>
/// <param name="block">The parts of the block's key.</param>
internal sealed class SettingReader(LayeredConfiguration configuration, Findings findings, params IReadOnlyList<string> block)
{
    /// <summary>The block's own key.</summary>
    public string Block { get; } = KeyPath.Join(block);

    /// <summary>A block inside of this one.</summary>
    public SettingReader Section(string name) => new(configuration, findings, [.. block, name]);

    /// <summary>The names directly under this block.</summary>
    public IReadOnlyList<string> Children() => configuration.Children(block);

    /// <summary>Whether somebody set it.</summary>
    public bool Has(string name) => configuration.Find(Key(name)) is not null;

    /// <summary>A switch.</summary>
    public bool Flag(string name, bool fallback) => Read(name, fallback, static text => text switch
    {
        "true" or "on" or "yes" => true,
        "false" or "off" or "no" => false,
        _ => null,
    }, "must be true or false.");

    /// <summary>A whole number within bounds.</summary>
    public int Number(string name, int fallback, int least, int most) => Read(name, fallback, text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null,
        most == int.MaxValue ? $"must be a whole number, {least} or more." : $"must be a whole number from {least} to {most}.");

    /// <summary>A share, 0 to 1.</summary>
    public double Share(string name, double fallback) => Read(name, fallback, static text =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1 ? share : null,
        "must be a number from 0 to 1, such as 0.01.");

    /// <summary>A size in bytes within bounds.</summary>
    public long Bytes(string name, long fallback, long least, long most) => Read(name, fallback, text =>
        ByteSize.TryParse(text, out var bytes) && bytes >= least && bytes <= most ? bytes : null,
        most == long.MaxValue
            ? "must be a size in bytes, 0 or more, such as 65536 or 64KiB."
            : $"must be a size from {ByteSize.Show(least)} to {ByteSize.Show(most)} bytes, such as 65536 or 64KiB.");

    /// <summary>A size in bytes that fits an <see cref="int"/>.</summary>
    public int Bytes(string name, int fallback, int least, int most) => (int)Bytes(name, (long)fallback, least, (long)most);

    /// <summary>A duration within bounds; <paramref name="orZero"/> allows 0 below the least.</summary>
    public TimeSpan Duration(string name, TimeSpan fallback, TimeSpan least, TimeSpan most, bool orZero = false, bool wholeSeconds = false) =>
        Read(name, fallback, text =>
            Configuration.Duration.TryParse(text, out var duration)
            && ((duration >= least && duration <= most) || (orZero && duration == TimeSpan.Zero))
            && (!wholeSeconds || duration.Ticks % TimeSpan.TicksPerSecond == 0) ? duration : null,
            $"must be a duration with its unit, such as 500ms, 10s, 5m, 2h or 30d, {(wholeSeconds ? "in whole seconds, " : "")}"
            + $"from {Configuration.Duration.Show(least)} to {Configuration.Duration.Show(most)}{(orZero ? ", or 0" : "")}.");

    /// <summary>Any text.</summary>
    public string Text(string name, string fallback)
    {
        findings.Know(Key(name));
        var setting = configuration.Find(Key(name));
        return setting is null ? fallback : Single(setting) ?? fallback;
    }

    /// <summary>A list of texts; empty where nobody set it.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        findings.Know(Key(name));
        var setting = configuration.Find(Key(name));

        // The parser reads an empty list as an empty text.
        if (setting is null || (!setting.Value.IsArray() && HoconText.Plain(setting.Value).Length == 0))
        {
            return [];
        }

        if (!setting.Value.IsArray())
        {
            findings.Add(setting.Key, setting, "takes a list, such as [\"one\", \"two\"].");
            return [];
        }

        return [.. setting.Value.GetArray().Select(HoconText.Plain)];
    }

    /// <summary>One of an enumeration's names.</summary>
    public T Choice<T>(string name, T fallback) where T : struct, Enum => Read(name, fallback, text =>
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (EnumNames.Of(value) == text)
            {
                return value;
            }
        }

        return null;
    }, $"must be one of {string.Join(", ", Enum.GetValues<T>().Select(EnumNames.Of))}.");

    /// <summary>A list of an enumeration's names, each once.</summary>
    public IReadOnlyList<T> Choices<T>(string name) where T : struct, Enum
    {
        var chosen = new List<T>();
        foreach (var text in Texts(name))
        {
            if (Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => EnumNames.Of(value!.Value) == text) is not { } value)
            {
                Problem(name, $"has \"{text}\"; each must be one of {string.Join(", ", Enum.GetValues<T>().Select(EnumNames.Of))}.");
            }
            else if (chosen.Contains(value))
            {
                Problem(name, $"has \"{text}\" twice.");
            }
            else
            {
                chosen.Add(value);
            }
        }

        return chosen;
    }

    /// <summary>Notes that the value of a key breaks a rule.</summary>
    public void Problem(string name, string rule) => findings.Add(Key(name), configuration.Find(Key(name)), rule);

    /// <summary>Notes that nobody has set a key that is needed.</summary>
    public void Missing(string name, string rule) => findings.Add(Key(name), null, rule);

    /// <summary>The full key of a name in this block.</summary>
    public string Key(string name) => KeyPath.Join([.. block, name]);

    private T Read<T>(string name, T fallback, Func<string, T?> parse, string rule) where T : struct
    {
        var key = Key(name);
        findings.Know(key);
        if (configuration.Find(key) is not { } setting || Single(setting) is not { } text)
        {
            return fallback;
        }

#pragma warning disable CA1308 // Enumerations and switches are in lower case.
        var value = parse(text.Trim()) ?? parse(text.Trim().ToLowerInvariant());
#pragma warning restore CA1308
        if (value is null)
        {
            findings.Add(key, setting, rule);
        }

        return value ?? fallback;
    }

    private string? Single(Setting setting)
    {
        if (setting.Value.IsArray())
        {
            findings.Add(setting.Key, setting, "takes one value, not a list.");
            return null;
        }

        return HoconText.Plain(setting.Value);
    }
}
