using System.Net;
using Broker.Node.Management;
using Broker.Node.Management.Access;
using Broker.Protocol.Transport;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.management</c>.</summary>
internal static class ManagementSettings
{
    public static ManagementOptions Read(SettingReader management, IReadOnlyList<ListenerOptions> listeners)
    {
        var defaults = new ManagementOptions();
        var options = new ManagementOptions
        {
            Enabled = management.Flag("enabled", defaults.Enabled),
            Host = management.Text("host", defaults.Host),
            Port = management.Number("port", defaults.Port, 0, 65_535),
            OpenMetrics = management.Flag("open-metrics", defaults.OpenMetrics),
            Tokens = ReadTokens(management.Section("tokens")),
        };

        if (options.Host != "localhost" && !IPAddress.TryParse(options.Host, out _))
        {
            management.Problem("host", "must be an IP address or localhost.");
        }

        var taken = listeners.FirstOrDefault(listener => listener.Enabled && listener.Port == options.Port
            && ListenerSettings.SharesAddress(listener.Host, options.Host));
        if (options is { Enabled: true, Port: > 0 } && taken is not null)
        {
            management.Problem("port", $"the listener {taken.Name} has the same; each needs its own.");
        }

        return options;
    }

    private static List<ManagementToken> ReadTokens(SettingReader tokens)
    {
        var read = new List<ManagementToken>();
        foreach (var name in tokens.Children())
        {
            var section = tokens.Section(name);
            var token = new ManagementToken(name, section.Text("token", ""), section.Choice("role", ManagementRole.Viewer));
            if (token.Token.Length < ManagementToken.ShortestToken || token.Token.Any(static character => character is <= ' ' or > '~'))
            {
                section.Problem("token", $"must be {ManagementToken.ShortestToken} or more characters without spaces, such as `openssl rand -hex 32` makes.");
            }
            else if (read.Exists(other => other.Token == token.Token))
            {
                section.Problem("token", "another name has the same; each needs its own.");
            }

            read.Add(token);
        }

        return read;
    }
}
