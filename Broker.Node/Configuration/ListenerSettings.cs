using System.Net;
using Broker.Protocol.Transport;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.listeners</c>.</summary>
internal static class ListenerSettings
{
    private const int LargestPort = 65_535;
    private const int LargestBuffer = 1 << 30;

    // Where the well-known names listen.
    private static readonly Dictionary<ListenerType, int> Ports = new()
    {
        [ListenerType.Tcp] = 1883,
        [ListenerType.Tls] = 8883,
        [ListenerType.Ws] = 8083,
        [ListenerType.Wss] = 8084,
    };

    /// <summary>All listeners, the well-known names first.</summary>
    public static IReadOnlyList<ListenerOptions> Read(SettingReader listeners)
    {
        var wellKnown = Ports.Keys.Select(EnumNames.Of).ToList();
        var others = listeners.Children().Except(wellKnown);
        var read = wellKnown.Concat(others).Select(name => ReadOne(listeners.Section(name), name, wellKnown)).ToList();
        CheckAddresses(listeners, read);
        return read;
    }

    private static ListenerOptions ReadOne(SettingReader listener, string name, List<string> wellKnown)
    {
        var type = ReadType(listener, name, wellKnown);
        var defaults = new ListenerOptions { Name = name, Type = type };
        var isWellKnown = wellKnown.Contains(name);
        var options = defaults with
        {
            Enabled = listener.Flag("enabled", isWellKnown && type == ListenerType.Tcp),
            Host = listener.Text("host", defaults.Host),
            Port = listener.Number("port", isWellKnown ? Ports[type] : 0, 0, LargestPort),
            Backlog = listener.Number("backlog", defaults.Backlog, 1, 65_535),
            TcpNoDelay = listener.Flag("tcp-no-delay", defaults.TcpNoDelay),
            TcpKeepAlive = listener.Flag("tcp-keep-alive", defaults.TcpKeepAlive),
            ReceiveBuffer = listener.Bytes("receive-buffer", defaults.ReceiveBuffer, 0, LargestBuffer),
            SendBuffer = listener.Bytes("send-buffer", defaults.SendBuffer, 0, LargestBuffer),
            WriteHighWaterMark = listener.Bytes("write-high-water-mark", defaults.WriteHighWaterMark, 1_024, LargestBuffer),
            WriteLowWaterMark = listener.Bytes("write-low-water-mark", defaults.WriteLowWaterMark, 1_024, LargestBuffer),
            MaxConnectionRate = listener.Number("max-connection-rate", defaults.MaxConnectionRate, 0, 1_000_000),
            ProxyProtocol = listener.Choice("proxy-protocol", defaults.ProxyProtocol),
            ProxyTrusted = ReadRanges(listener, "proxy-trusted"),
        };
        options = options with
        {
            Tls = type is ListenerType.Tls or ListenerType.Wss ? TlsSettings.Read(listener.Section("tls"), options.Enabled) : null,
        };
        Check(listener, options);
        return options;
    }

    private static ListenerType ReadType(SettingReader listener, string name, List<string> wellKnown)
    {
        if (wellKnown.Contains(name))
        {
            var own = Enum.GetValues<ListenerType>().First(type => EnumNames.Of(type) == name);
            var said = listener.Choice("type", own);
            if (said != own)
            {
                listener.Problem("type", $"the listener '{name}' is always {name}; give another type to a listener of another name.");
            }

            return own;
        }

        if (!listener.Has("type"))
        {
            var near = EditDistance.Nearest(name, wellKnown)!;
            var meant = EditDistance.Between(name, near) == 1 ? $", or did you mean mqtt.listeners.{near}?" : ".";
            listener.Missing("type", $"a listener that is not called {string.Join(", ", wellKnown)} says its type, one of the same names{meant}");
        }

        return listener.Choice("type", ListenerType.Tcp);
    }

    private static IReadOnlyList<IPNetwork> ReadRanges(SettingReader listener, string name)
    {
        var ranges = new List<IPNetwork>();
        foreach (var text in listener.Texts(name))
        {
            if (AddressRange.TryParse(text, out var range))
            {
                ranges.Add(range);
            }
            else
            {
                listener.Problem(name, $"has \"{text}\"; each must be an IP address or a range of them, such as 10.0.0.4, 10.1.0.0/16 or fd00::/8.");
            }
        }

        return ranges.Count > 0 ? ranges : Array.Empty<IPNetwork>();
    }

    private static void Check(SettingReader listener, ListenerOptions options)
    {
        if (Uri.CheckHostName(options.Host) == UriHostNameType.Unknown)
        {
            listener.Problem("host", "must be an IP address or a host name, such as 0.0.0.0, \"::\" or localhost.");
        }

        if (options.ProxyProtocol != ProxyProtocolMode.Off && options.ProxyTrusted.Count == 0)
        {
            listener.Problem(
                "proxy-protocol",
                $"needs {listener.Key("proxy-trusted")}, which names the proxies whose headers are believed, such as [\"10.1.0.0/16\"]; without it any client could claim any address.");
        }

        if (options.WriteLowWaterMark >= options.WriteHighWaterMark)
        {
            listener.Problem(
                "write-low-water-mark",
                $"must be less than {listener.Key("write-high-water-mark")}, which is {ByteSize.Show(options.WriteHighWaterMark)}.");
        }
    }

    private static void CheckAddresses(SettingReader listeners, List<ListenerOptions> read)
    {
        var open = read.Where(listener => listener is { Enabled: true, Port: > 0 }).ToList();
        foreach (var (first, second) in open.SelectMany((first, at) => open.Skip(at + 1).Select(second => (first, second))))
        {
            if (first.Port == second.Port && SharesAddress(first.Host, second.Host))
            {
                listeners.Section(second.Name).Problem("port", $"{listeners.Section(first.Name).Key("port")} is the same; each listener needs its own.");
            }
        }
    }

    /// <summary>Whether two hosts, listening on one port, get into each other's way.</summary>
    public static bool SharesAddress(string first, string second) =>
        first.Equals(second, StringComparison.OrdinalIgnoreCase) || IsAny(first) || IsAny(second);

    private static bool IsAny(string host) =>
        IPAddress.TryParse(host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
}
