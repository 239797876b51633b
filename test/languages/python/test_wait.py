import time


def test_wait(paybox):
    with open("url.txt", "w") as file:
        file.write(f"{paybox.url}\n")
    time.sleep(600)
