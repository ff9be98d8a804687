Console.WriteLine("Akka.Mqtt");
