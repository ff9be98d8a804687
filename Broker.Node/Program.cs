using Broker.Node.CommandLine;

return await NodeCommand.InvokeAsync(args);
