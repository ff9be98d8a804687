using Broker.Actors.Hosting;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.redirect</c>.</summary>
internal static class RedirectSettings
{
    private const int MaxLength = 1024;

    public static RedirectOptions Read(SettingReader redirect)
    {
        var defaults = new RedirectOptions();
        var options = new RedirectOptions
        {
            ServerReference = redirect.Text("server-reference", defaults.ServerReference),
            Connects = redirect.Choice("connects", defaults.Connects),
        };

        if (options.ServerReference.Length > MaxLength || options.ServerReference.Any(char.IsControl))
        {
            redirect.Problem("server-reference", $"must be names or addresses of servers, separated by spaces: at most {MaxLength} characters, none of them a control character.");
        }

        return options;
    }
}
