using Broker.Node.Azure;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.azure</c>.</summary>
internal static class AzureSettings
{
    public static AzureOptions Read(SettingReader azure)
    {
        var defaults = new AzureOptions();
        var options = new AzureOptions
        {
            ScheduledEvents = azure.Flag("scheduled-events", defaults.ScheduledEvents),
            MetadataAddress = azure.Text("metadata-address", defaults.MetadataAddress),
            PollInterval = azure.Duration("poll-interval", defaults.PollInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        };

        if (!Uri.TryCreate(options.MetadataAddress, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp)
        {
            azure.Problem("metadata-address", $"must be an address such as {defaults.MetadataAddress}.");
        }

        return options;
    }
}
